package io.flowscope.tracker;

import io.flowscope.tracker.key.FiveTuple;
import io.flowscope.tracker.key.KeyExtractor;
import io.flowscope.tracker.key.KeyExtractors;
import io.flowscope.tracker.key.KeyHash;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.session.SessionStatistics;
import io.flowscope.tracker.stream.StreamConsumerFactory;
import io.flowscope.tracker.stream.StreamStatistics;
import io.flowscope.tracker.table.FlowTable;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;

/**
 * Turns packets into flows. Give it packets singly ({@link #track}) or in batches ({@link
 * #trackBatch}), in the order of capture; a {@link FlowListener} hears what happens. The results do
 * not depend on how packets are grouped, and nothing of a packet is kept after the call.
 *
 * <p>One tracker is used by one thread. Another thread may call {@link #counters}, {@link
 * #snapshot} and {@link #close}. After {@link #close} everything else throws IllegalStateException.
 *
 * <p>Time is packet time; nothing happens while no packet comes. A caller that waits for packets
 * calls {@link #sweep} now and then.
 */
public final class FlowTracker implements AutoCloseable {
    /** Packets that are decoded and looked up ahead of their turn, to overlap cache misses. */
    private static final int LANES = 32;

    /** So few records are in the processor's cache anyway. */
    private static final int CACHED_RECORDS = 1024;

    private final TrackerOptions options;
    private final Arena arena;
    private final PacketDecoder decoder;
    private final KeyExtractor extractor;
    private final KeyHash hasher;
    private final FlowEngine engine;
    private final FlowTable table;
    private final Lane[] lanes = new Lane[LANES];
    private final boolean fiveTuple;
    private final boolean usesTransport;
    private final int linkType;

    private final Lifecycle lifecycle;
    private final @Nullable StreamTap streams;
    private final @Nullable FlowSessions sessions;
    private boolean paused;

    /** Touches of the table end here, so that the compiler keeps them. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    /** A tracker without a listener: for its counters, snapshots and live flows. */
    public FlowTracker(TrackerOptions options) {
        this(options, FlowListener.NONE);
    }

    /**
     * A tracker.
     *
     * @throws OutOfMemoryError if there is no memory for {@link TrackerOptions#maxFlows()}
     */
    public FlowTracker(TrackerOptions options, FlowListener listener) {
        this.options = options;
        this.linkType = options.linkType();
        this.extractor = options.extractor();
        this.fiveTuple = extractor.equals(KeyExtractors.fiveTuple());
        this.hasher =
                options.hashSeed().isPresent()
                        ? new KeyHash(options.hashSeed().getAsLong())
                        : KeyHash.random();
        this.usesTransport = extractor.usesTransport();
        this.decoder = new PacketDecoder(Fragments.decoderOptions(options));
        EventSink events = new EventSink(listener, options.events(), options.anomalies());
        QuotedPackets quoted = usesTransport ? new QuotedPackets(decoder, extractor, hasher) : null;
        this.arena = options.arena().get();
        this.lifecycle = new Lifecycle(this::free);
        Fragments fragments = new Fragments(options, decoder, hasher, arena);
        StreamConsumerFactory streamed = options.streams();
        SessionOptions read = options.sessions();
        this.sessions = read == null ? null : new FlowSessions(read, events, arena);
        this.streams =
                streamed == null && sessions == null
                        ? null
                        : new StreamTap(options, streamed, sessions, arena);
        this.engine = new FlowEngine(arena, options, hasher, events, fragments, quoted, streams);
        if (streams != null) {
            streams.join(engine);
        }
        this.table = engine.store.table;
        for (int i = 0; i < LANES; i++) {
            lanes[i] = new Lane();
        }
        Observers observers = engine.reports.observers();
        if (observers != null) {
            observers.attached();
        }
    }

    /** The options it was made with. */
    public TrackerOptions options() {
        return options;
    }

    /**
     * Tracks one packet of the link type in the options; complete on return.
     *
     * @param memory holds the packet, which stays unchanged during the call
     * @param offset where it begins
     * @param captured bytes present
     * @param length bytes on the wire
     * @param timestampNanos nanoseconds since the epoch
     */
    public void track(
            MemorySegment memory, long offset, int captured, int length, long timestampNanos) {
        enter();
        try {
            if (paused) {
                engine.tally.add(Tally.SKIPPED, 1);
                return;
            }
            if (Gates.METRICS) {
                attribute();
            }
            Lane lane = lanes[0];
            boolean matched =
                    decoder.decode(
                            memory,
                            offset,
                            captured,
                            length,
                            timestampNanos,
                            linkType,
                            lane.packet);
            if (key(lane, matched)) {
                lane.guess = table.guess(lane.hash);
            }
            engine.packet(lane);
        } finally {
            leave();
        }
    }

    /**
     * Tracks a batch of packets, with the same results as one by one; complete on return.
     *
     * @param memory holds the packets, which stay unchanged during the call
     * @param descriptors records of {@link PacketDescriptor#BYTES} each
     * @param count how many of them
     */
    public void trackBatch(MemorySegment memory, MemorySegment descriptors, int count) {
        enter();
        try {
            if (paused) {
                engine.tally.add(Tally.SKIPPED, count);
                return;
            }
            if (Gates.METRICS) {
                attribute();
            }
            for (int done = 0; done < count && !lifecycle.isClosed(); done += LANES) {
                int size = Math.min(LANES, count - done);
                decode(memory, descriptors, (long) done * PacketDescriptor.BYTES, size);
                guess(size);
                for (int i = 0; i < size; i++) {
                    engine.packet(lanes[i]);
                }
            }
        } finally {
            leave();
        }
    }

    /**
     * Tells of an ICMP error that another tracker counts, if it quotes a flow of this one.
     *
     * @param at where its descriptor is
     */
    void trackQuoted(MemorySegment memory, MemorySegment descriptors, long at) {
        enter();
        try {
            Lane lane = lanes[0];
            if (decoder.decode(memory, descriptors, at, lane.packet)) {
                engine.icmpError(lane.packet, engine.clock.now());
            }
        } finally {
            leave();
        }
    }

    /** Packets taken so far, the present one and repetitions included; the tracker's thread. */
    long taken() {
        return engine.tally.packets + engine.tally.get(Tally.DUPLICATES);
    }

    private void attribute() {
        Observers observers = engine.reports.observers();
        if (observers != null) {
            observers.attribute();
        }
    }

    private void enter() {
        if (lifecycle.isClosed()) {
            throw new IllegalStateException("the tracker is closed");
        }
        lifecycle.enter();
    }

    private void leave() {
        engine.tally.publish();
        lifecycle.leave();
    }

    /** Decodes packets into the lanes. */
    private void decode(MemorySegment memory, MemorySegment descriptors, long from, int size) {
        long at = from;
        for (int i = 0; i < size; i++, at += PacketDescriptor.BYTES) {
            Lane lane = lanes[i];
            key(lane, decoder.decode(memory, descriptors, at, lane.packet));
        }
    }

    /**
     * Reads where the index will be searched. In a loop of its own, which is short: behind a read
     * that waits for memory a processor goes on for some hundred instructions only, and decoding
     * one packet takes as many.
     */
    private void touchIndex(int size) {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            Lane lane = lanes[i];
            if (lane.state == Lane.KEYED) {
                sum += table.touchIndex(lane.hash);
            }
        }
        touched = sum;
    }

    /** Gives a lane its packet's key; false if it has none. */
    private boolean key(Lane lane, boolean matched) {
        PacketCursor packet = lane.packet;
        boolean fragment = matched && usesTransport && packet.fragmented();
        boolean keyed =
                fiveTuple
                        ? matched && !fragment && FiveTuple.extract(packet, lane.key)
                        : !fragment && extract(lane, matched);
        if (keyed) {
            lane.state = Lane.KEYED;
            lane.hash = (int) (hasher.hash(lane.key) >>> 32);
        } else {
            lane.state = fragment ? Lane.FRAGMENT : Lane.UNKEYED;
            lane.guess = FlowTable.NONE;
        }
        return keyed;
    }

    private boolean extract(Lane lane, boolean matched) {
        return (matched || extractor.acceptsUnmatched())
                && extractor.extract(lane.packet, lane.key);
    }

    /** Guesses the records of all lanes and reads them, so that their misses overlap. */
    private void guess(int size) {
        long sum = 0;
        int missing = 0;
        boolean touches = table.used() > CACHED_RECORDS;
        if (touches) {
            touchIndex(size);
        }
        for (int i = 0; i < size; i++) {
            Lane lane = lanes[i];
            if (lane.state == Lane.KEYED) {
                int record = table.guess(lane.hash);
                lane.guess = record;
                if (record == FlowTable.NONE) {
                    missing++;
                } else if (touches) {
                    sum += touch(record);
                }
            }
        }
        if (missing != 0 && touches && table.isFull()) {
            sum += engine.touchVictims(missing);
        }
        touched += sum;
    }

    private long touch(int record) {
        long sum = table.touchRecord(record);
        return streams == null ? sum : sum + streams.touch(record);
    }

    /** Moves time forward and ends all flows whose timeout or linger is over by then. */
    public void sweep(long nowNanos) {
        enter();
        try {
            engine.sweepAll(nowNanos);
        } finally {
            leave();
        }
    }

    /**
     * Ends all flows, as at the end of a file: first those whose timeout is over by the time of the
     * last packet, then the others, which are {@code finished} if they are still open; both in the
     * order of their records. The tracker can be used further.
     */
    public void finish() {
        enter();
        try {
            engine.finish();
        } finally {
            leave();
        }
    }

    /** From here on packets are only counted as skipped; time stands still. */
    public void pause() {
        paused = true;
    }

    /** Packets are tracked again. */
    public void resume() {
        paused = false;
    }

    /** Shows every live flow, in the order of the records; the tracker must not be changed. */
    public void forEachFlow(Consumer<FlowView> action) {
        enter();
        try {
            for (int record = 0; record < table.used(); record++) {
                if (table.isLive(record)) {
                    action.accept(engine.reports.view.moveTo(record));
                }
            }
        } finally {
            leave();
        }
    }

    /** How many flows are live. */
    public int liveFlows() {
        return table.live();
    }

    /** What was counted up to the end of the last call; from any thread, also after close. */
    public TrackerCounters counters() {
        return engine.tally.read();
    }

    /**
     * What became of the streams, all zero without {@link TrackerOptions#streams()} and {@link
     * TrackerOptions#sessions()}; from any thread, the numbers may be of slightly different
     * moments.
     */
    public StreamStatistics streamStatistics() {
        return streams == null ? StreamStatistics.NONE : streams.statistics();
    }

    /**
     * What became of the sessions, all zero without {@link TrackerOptions#sessions()}; from any
     * thread, the numbers may be of slightly different moments.
     */
    public SessionStatistics sessionStatistics() {
        return sessions == null ? SessionStatistics.NONE : sessions.statistics();
    }

    /**
     * All live flows, from any thread, while packets go on being tracked. Each record is whole: it
     * shows the flow as it was between two packets, at some moment during the call. Two records can
     * be of different moments, and of flows that start or end during the call any may be missing; a
     * flow that lives throughout is there once.
     *
     * @throws IllegalStateException if the tracker is or becomes closed
     */
    public List<FlowRecord> snapshot() {
        if (lifecycle.isClosed()) {
            throw new IllegalStateException("the tracker is closed");
        }
        return Snapshot.take(engine.store);
    }

    /** Bytes that the table takes off the heap. */
    public long tableBytes() {
        return table.byteSize();
    }

    /** The time of the last packet or sweep, 0 before the first. */
    public long nowNanos() {
        return engine.clock.now();
    }

    /**
     * Frees the memory. On the tracker's own thread all flows end first, as by {@link #finish}.
     * From another thread none does: the tracker stops after at most a few packets, which is waited
     * for up to 100 ms; if its listener takes longer, or has itself called this, the memory is
     * freed when the listener returns. Further calls do nothing.
     */
    @Override
    public void close() {
        lifecycle.close(engine::finish);
    }

    private void free() {
        engine.tally.publish();
        Observers observers = engine.reports.observers();
        if (observers != null) {
            observers.detached();
        }
        if (sessions != null) {
            sessions.close();
        }
        arena.close();
    }
}
