package io.flowscope.obs;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The registries behind a registry: itself, or those in it if it is a composite. Each is bound on
 * its own, because names and histograms are made differently in each. One thread at a time updates,
 * any reads.
 */
final class Leaves implements FlowEndQueue.Meters, AutoCloseable {
    private final MeterRegistry root;
    private final String prefix;
    private final TrackerTotals totals;
    private final List<LatencyFamily> families;
    private volatile List<Leaf> all = List.of();

    Leaves(MeterRegistry root, String prefix, TrackerTotals totals, List<LatencyFamily> families) {
        this.root = root;
        this.prefix = prefix;
        this.totals = totals;
        this.families = families;
    }

    List<Leaf> all() {
        return all;
    }

    /** Binds what has joined and lets go of what has left. */
    void update() {
        Set<MeterRegistry> present = Collections.newSetFromMap(new IdentityHashMap<>());
        collect(root, present);
        List<Leaf> next = new ArrayList<>();
        for (Leaf leaf : all) {
            if (present.remove(leaf.registry())) {
                next.add(leaf);
            } else {
                leaf.close();
            }
        }
        for (MeterRegistry joined : present) {
            FlowscopeNaming.install(joined, prefix);
            Leaf leaf = new Leaf(joined);
            leaf.bind(totals, families);
            next.add(leaf);
        }
        all = List.copyOf(next);
    }

    private static void collect(MeterRegistry registry, Set<MeterRegistry> into) {
        if (registry instanceof CompositeMeterRegistry composite) {
            composite.getRegistries().forEach(r -> collect(r, into));
        } else if (!registry.isClosed()) {
            into.add(registry);
        }
    }

    @Override
    public void flow(long durationNanos, long packets, long bytes) {
        for (Leaf leaf : all) {
            FlowMeters meters = leaf.flows();
            if (meters != null) {
                meters.flow(durationNanos, packets, bytes);
            }
        }
    }

    @Override
    public void highWatermark(int side, long bytes) {
        for (Leaf leaf : all) {
            FlowMeters meters = leaf.flows();
            if (meters != null) {
                meters.highWatermark(side, bytes);
            }
        }
    }

    @Override
    public void close() {
        List<Leaf> last = all;
        all = List.of();
        last.forEach(Leaf::close);
    }
}
