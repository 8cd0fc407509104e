package io.flowscope.obs;

import io.flowscope.obs.jfr.JvmLatencies;
import io.flowscope.obs.process.ProcessAttribution;
import io.flowscope.obs.process.ProcessLookup;
import io.flowscope.obs.resources.ResourceMonitor;
import io.flowscope.obs.teams.Teams;
import io.flowscope.tracker.FlowHook;
import io.flowscope.tracker.LatencyHistogram;
import io.flowscope.tracker.LatencyKind;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Metrics of any number of trackers in a Micrometer registry.
 *
 * <pre>{@code
 * FlowMetrics metrics = FlowMetrics.bind(registry, MetricsOptions.defaults());
 * TrackerOptions options = TrackerOptions.builder().metricsHook(metrics.hook()).build();
 * }</pre>
 *
 * <p>Java has to be started with {@code -Dflowscope.metrics=true}. Of a composite registry the
 * registries in it are bound, those that join later within 5 s. Series whose labels are not known
 * from the beginning appear within 5 s as well, or at once with {@link #refresh}.
 *
 * <p>Histograms that trackers count themselves are on the page of a Prometheus registry and not
 * among its meters. Other registries have meters: latencies without buckets, and of ended flows the
 * registry's own histograms, which a thread of ours feeds.
 */
public final class FlowMetrics implements AutoCloseable {
    private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final IdentityHashMap<MeterRegistry, FlowMetrics> BOUND =
            new IdentityHashMap<>();

    private final MeterRegistry registry;
    private final MetricsOptions options;
    private final TrackerTotals totals = new TrackerTotals();
    private final LabelLimiter processes;
    private final LabelLimiter teamNames;
    private final @Nullable TeamPairs pairs;
    private final CaptureMeters captures;
    private final LatencySections latencies;
    private final CopyOnWriteArrayList<Section> sections = new CopyOnWriteArrayList<>();
    private final WorstStates resources;
    private final CopyOnWriteArrayList<AutoCloseable> owned = new CopyOnWriteArrayList<>();
    private final Leaves leaves;
    private final @Nullable ProcessAttribution attribution;
    private final Thread thread;
    private volatile AddressSet addresses;
    private volatile @Nullable TeamSlots teams;
    private volatile boolean fed;
    private volatile @Nullable RuntimeException problem;
    private volatile boolean closed;

    /** Shares of time need time between two looks: a scrape alone does not cause one. */
    private long polledNanos = System.nanoTime();

    private FlowMetrics(MeterRegistry registry, MetricsOptions options) {
        this.registry = registry;
        this.options = options;
        String prefix = options.prefix();
        processes = new LabelLimiter(options.processes());
        teamNames = new LabelLimiter(options.teamNames());
        captures = new CaptureMeters(options.sources());
        pairs = options.teams() == null ? null : new TeamPairs(options.teamPairs());
        latencies = new LatencySections(prefix, totals, processes);
        addresses = new AddressSet(options.localAddresses().get());
        sections.add(new NetworkBytes(prefix, totals, processes));
        sections.add(captures);
        resources = new WorstStates(new LabelLimiter(options.namespaces()));
        sections.add(new ResourceMeters(prefix, resources));
        if (pairs != null) {
            sections.add(new TeamMeters(prefix, totals, teamNames, pairs));
        }
        ProcessLookup lookup = options.processLookup();
        attribution = lookup == null ? null : new ProcessAttribution(lookup, processes::slot);
        if (attribution != null) {
            owned.add(attribution);
            sections.add(new LookupMeters(prefix, attribution));
        }
        leaves = new Leaves(registry, prefix, totals, latencies.families());
        refresh();
        thread = Thread.ofPlatform().daemon().name("flowscope-metrics-refresh").start(this::work);
    }

    /**
     * Binds a registry. One that is bound already keeps what it has.
     *
     * @throws IllegalStateException if it is bound with other options
     */
    public static FlowMetrics bind(MeterRegistry registry, MetricsOptions options) {
        synchronized (BOUND) {
            FlowMetrics present = BOUND.get(registry);
            if (present == null) {
                present = new FlowMetrics(registry, options);
                BOUND.put(registry, present);
            } else if (!present.options.equals(options)) {
                throw new IllegalStateException(
                        "the registry is bound with other options: close those metrics first");
            }
            return present;
        }
    }

    /** Binds a registry, or finds what it is bound to already. */
    static FlowMetrics of(MeterRegistry registry) {
        synchronized (BOUND) {
            FlowMetrics present = BOUND.get(registry);
            return present != null ? present : bind(registry, MetricsOptions.defaults());
        }
    }

    /** A hook for one tracker; each tracker needs its own. */
    public FlowHook hook() {
        return new MetricsHook(this, options.teamNames() + 2, pairs);
    }

    /** The options it was bound with. */
    public MetricsOptions options() {
        return options;
    }

    /**
     * Reports a source of packets.
     *
     * @param name value of the label {@code source}
     * @param numbers asked by threads that read metrics; what it throws means that it has ended
     * @return ends that; the last numbers stay
     */
    public AutoCloseable captureSource(String name, Supplier<CaptureNumbers> numbers) {
        AutoCloseable source = captures.add(name, numbers);
        refresh();
        return source;
    }

    /**
     * Reports resources, polled here every 5 s. Of a resource that several monitors report for one
     * namespace the worst is shown.
     */
    public void resources(ResourceMonitor monitor) {
        monitor.poll(System.nanoTime());
        resources.add(monitor);
        refresh();
    }

    /** Reports latencies of files and of waiting threads of this JVM, from now on. */
    public void jvm() {
        JvmLatencies jvm = JvmLatencies.start();
        owned.add(jvm);
        latencies.add(jvm, options.processName());
        sections.add(new FileBytes(options.prefix(), jvm, options.processName()));
        refresh();
    }

    /** Brings all series up to date; otherwise that happens every 5 s. */
    public void refresh() {
        refresh(System.nanoTime());
    }

    synchronized void refresh(long nowNanos) {
        if (closed) {
            return;
        }
        RuntimeException failed =
                attempt(() -> addresses = new AddressSet(options.localAddresses().get()), null);
        Teams from = options.teams();
        if (from != null) {
            from.reload();
            TeamSlots present = teams;
            if (present == null || !present.isOf(from.table())) {
                teams = new TeamSlots(from.table(), teamNames);
            }
        }
        if (nowNanos - polledNanos >= REFRESH_NANOS) {
            polledNanos = nowNanos;
            for (ResourceMonitor monitor : resources.monitors()) {
                failed = attempt(() -> monitor.poll(nowNanos), failed);
            }
        }
        leaves.update();
        fed = leaves.all().stream().map(Leaf::flows).anyMatch(m -> m != null && m.isFed());
        totals.drain(leaves);
        latencies.update(nowNanos);
        for (Leaf leaf : leaves.all()) {
            sections.forEach(s -> s.refresh(leaf));
            latencies.refresh(leaf);
        }
        problem = failed;
    }

    /**
     * Runs what a function that was handed in has a part in. If that fails, the last good answer
     * stays in force and the next round asks again: one function must not cost the whole page.
     */
    private static @Nullable RuntimeException attempt(
            Runnable step, @Nullable RuntimeException before) {
        try {
            step.run();
            return before;
        } catch (RuntimeException e) {
            return before == null ? e : before;
        }
    }

    private void work() {
        long next = System.nanoTime() + REFRESH_NANOS;
        while (!closed) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(FlowEndQueue.DRAIN_MILLIS));
            try {
                totals.drain(leaves);
                if (System.nanoTime() - next >= 0) {
                    next = System.nanoTime() + REFRESH_NANOS;
                    refresh();
                }
            } catch (RuntimeException e) {
                // A registry refuses a meter, for example: the next round tries again.
                problem = e;
            }
        }
    }

    /**
     * How many latencies of a kind there were so far, whosoever they are: by bucket of {@link
     * LatencyHistogram}, and in one more place those beyond the last bound.
     */
    public long[] latencyCounts(LatencyKind kind) {
        Latencies sum = new Latencies();
        int owners = processes.size();
        for (int owner = 0; owner < owners; owner++) {
            sum.add(totals.latencies(kind, owner));
        }
        long[] counts = Arrays.copyOf(sum.buckets, LatencyHistogram.BUCKETS + 1);
        counts[LatencyHistogram.BUCKETS] = sum.beyond();
        return counts;
    }

    /** What went wrong at the last refresh, null if nothing did. */
    public @Nullable RuntimeException problem() {
        return problem;
    }

    /** Many flows have ended: their numbers are drained now rather than in a second. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Whether a registry has to be told every flow. */
    boolean isFed() {
        return fed;
    }

    TrackerTotals totals() {
        return totals;
    }

    LabelLimiter processes() {
        return processes;
    }

    AddressSet addresses() {
        return addresses;
    }

    @Nullable TeamSlots teams() {
        return teams;
    }

    @Nullable ProcessAttribution attribution() {
        return attribution;
    }

    /** The meters of all registries that have to be told every flow. */
    FlowEndQueue.Meters meters() {
        return leaves;
    }

    /** Takes all meters out of the registry and ends the threads. Trackers go on, unreported. */
    @Override
    public void close() {
        synchronized (BOUND) {
            if (closed) {
                return;
            }
            BOUND.remove(registry);
            synchronized (this) {
                totals.drain(leaves);
                closed = true;
                leaves.close();
            }
        }
        LockSupport.unpark(thread);
        for (AutoCloseable each : owned) {
            close(each);
        }
    }

    private static void close(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception e) {
            throw new IllegalStateException("closing what does not fail", e);
        }
    }
}
