package io.flowscope.tracker;

import io.flowscope.tracker.key.KeyHash;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Several trackers with a thread each, fed from one source: every packet goes to the tracker that
 * its addresses say, so both directions and all fragments of a flow meet. Where there are several
 * sources anyway (rings of a fanout group, files) give each a {@link FlowTracker} of its own
 * instead and add their {@link TrackerCounters}.
 *
 * <p>{@link TrackerOptions#maxFlows()} is each tracker's own. Which tracker gets a packet depends
 * on nothing but its addresses, so two runs give the same flows. Events come in one of two ways:
 *
 * <ul>
 *   <li>to a listener per tracker, on that tracker's thread, while others are at work;
 *   <li>to one consumer on the caller's thread, as objects (events, or what a listener makes of
 *       them), in the order of the packets that caused them, and of equal ones in the order of the
 *       trackers; at {@link #finish} and {@link #sweep} in the order of the trackers. This order is
 *       always the same.
 * </ul>
 *
 * <p>An ICMP error is a packet of its own flow's tracker; the tracker of the flow that it quotes is
 * told as well.
 *
 * <p>Each tracker's time is that of its own packets: what {@link #finish} gives out carries the
 * time of that tracker's last one, and a timestamp that steps back is judged by what came before it
 * in the same tracker.
 */
public final class ShardedTracker implements AutoCloseable {
    private final List<Shard> shards = new ArrayList<>();
    private final PacketDecoder decoder;
    private final PacketCursor packet = new PacketCursor();
    private final PacketCursor quoted = new PacketCursor();
    private final ResultMerge<?> merge;
    private long packets;
    private boolean closed;

    /**
     * Trackers with a listener each.
     *
     * @param shards how many
     * @param options of each
     * @param listeners makes the listener of each, by number
     */
    public ShardedTracker(
            int shards, TrackerOptions options, IntFunction<? extends FlowListener> listeners) {
        this(shards, i -> new Setup(options, listeners.apply(i)), new ResultMerge<>(0, none -> {}));
    }

    private ShardedTracker(int count, IntFunction<Setup> setups, ResultMerge<?> merge) {
        if (count < 1 || count > 1024) {
            throw new IllegalArgumentException("shards: 1 to 1024, was " + count);
        }
        this.merge = merge;
        for (int i = 0; i < count; i++) {
            Setup setup = setups.apply(i);
            Shard shard = new Shard(i, setup.options(), setup.listener());
            merge.attach(i, shard::order);
            shards.add(shard);
        }
        this.decoder = new PacketDecoder(Fragments.decoderOptions(options()));
    }

    /** What one of the trackers is made of. */
    public record Setup(TrackerOptions options, FlowListener listener) {}

    /** Trackers whose events come to one consumer, in order. */
    public static ShardedTracker merged(
            int shards, TrackerOptions options, Consumer<? super FlowEvent> events) {
        return ShardedTracker.<FlowEvent>collecting(
                shards, events, to -> new Setup(options, FlowEvent.listener(to)));
    }

    /**
     * Trackers whose listeners, stream consumers or parsers make results that come to one consumer,
     * in order. What is given to it must stay as it is, unless there is only one tracker: that
     * one's results come at once.
     *
     * @param results hears them, on the caller's thread
     * @param setup makes what one tracker is made of, given where its results go; the options of
     *     all decode alike
     */
    public static <R> ShardedTracker collecting(
            int shards, Consumer<? super R> results, Function<Consumer<R>, Setup> setup) {
        ResultMerge<R> merge = new ResultMerge<>(shards, results);
        return new ShardedTracker(shards, i -> setup.apply(merge.of(i)), merge);
    }

    private TrackerOptions options() {
        return shards.get(0).tracker().options();
    }

    /**
     * Tracks a batch of packets; complete on return.
     *
     * @param memory holds the packets; of more than one tracker's packets every thread must be able
     *     to read it, which a source in checked mode does not allow
     * @param descriptors records of {@link PacketDescriptor#BYTES} each
     * @param count how many of them
     */
    public void trackBatch(MemorySegment memory, MemorySegment descriptors, int count) {
        checkOpen();
        if (shards.size() == 1) {
            shards.get(0).tracker().trackBatch(memory, descriptors, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            assign(memory, descriptors, (long) i * PacketDescriptor.BYTES);
        }
        runAll(shard -> shard.work(memory));
        merge.deliver();
    }

    private void assign(MemorySegment memory, MemorySegment descriptors, long at) {
        boolean matched = decoder.decode(memory, descriptors, at, packet);
        int own = matched ? shardOf(packet) : 0;
        shards.get(own).add(descriptors, at, packets);
        if (matched && packet.icmpType() >= 0 && decoder.decodeQuoted(packet, quoted)) {
            int other = shardOf(quoted);
            if (other != own) {
                shards.get(other).addQuote(descriptors, at, packets);
            }
        }
        packets++;
    }

    private int shardOf(PacketCursor of) {
        long hash = KeyHash.symmetricAddresses(of) >>> 32;
        return (int) ((hash * shards.size()) >>> 32);
    }

    private void runAll(Consumer<Shard> task) {
        RuntimeException failure = null;
        for (int i = 1; i < shards.size(); i++) {
            shards.get(i).begin(task);
        }
        try {
            task.accept(shards.get(0));
        } catch (RuntimeException e) {
            failure = e;
        }
        for (int i = 1; i < shards.size(); i++) {
            RuntimeException thrown = shards.get(i).await();
            failure = failure == null ? thrown : failure;
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Moves time forward in all trackers, see {@link FlowTracker#sweep}. */
    public void sweep(long nowNanos) {
        checkOpen();
        runAll(shard -> shard.tracker().sweep(nowNanos));
        merge.deliver();
    }

    /**
     * Ends all flows, tracker after tracker, see {@link FlowTracker#finish}; at the time of the
     * last packet of all.
     */
    public void finish() {
        checkOpen();
        long latest = latestNanos();
        runAll(shard -> shard.tracker().sweep(latest));
        runAll(shard -> shard.tracker().finish());
        merge.deliver();
    }

    private long latestNanos() {
        return shards.stream().mapToLong(shard -> shard.tracker().nowNanos()).max().orElse(0);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the tracker is closed");
        }
    }

    /** How many trackers there are. */
    public int shards() {
        return shards.size();
    }

    /** The sum of all trackers' counters; from any thread. */
    public TrackerCounters counters() {
        TrackerCounters sum = shards.get(0).tracker().counters();
        for (int i = 1; i < shards.size(); i++) {
            sum = sum.plus(shards.get(i).tracker().counters());
        }
        return sum;
    }

    /** All live flows, tracker after tracker, see {@link FlowTracker#snapshot}. */
    public List<FlowRecord> snapshot() {
        List<FlowRecord> all = new ArrayList<>();
        for (Shard shard : shards) {
            all.addAll(shard.tracker().snapshot());
        }
        return all;
    }

    /** Ends all flows and frees everything; on the thread that tracks. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        try {
            finish();
        } finally {
            closed = true;
            try {
                runAll(shard -> shard.tracker().close());
            } finally {
                shards.forEach(Shard::stop);
            }
        }
        merge.deliver();
    }
}
