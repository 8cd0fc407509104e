package io.flowscope.tracker.session.flow;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.CloseReason;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One flow's session: first undecided, then with a parser, then closed. Methods that take input say
 * whether more is wanted. What a parser throws closes it as failed; what the host throws comes out,
 * after the parser has finished its call.
 */
public final class FlowSession {
    private static final long NEVER = Long.MAX_VALUE;

    private final Sessions sessions;
    private final int record;
    private final boolean tcp;
    private final Ports ports;
    private @Nullable Bound<?> byPort;
    private final MessageSink<Object> sink;
    private @Nullable Bound<?> protocol;
    private @Nullable Reader reader;
    private boolean closed;
    private boolean failed;
    private boolean tunnelled;
    private int ended;
    private long heldBytes;
    private long queuedNanos = NEVER;
    private @Nullable RuntimeException thrown;

    /** Whom the present call is about, or the last one was. */
    private Side present = Side.INITIATOR;

    /** First bytes of {@link #prefixSide} that were too few to decide. */
    private byte @Nullable [] prefix;

    private Side prefixSide = Side.INITIATOR;

    FlowSession(Sessions sessions, int record, boolean tcp, Ports ports, Bound<?> bound) {
        this(sessions, record, tcp, ports, bound, true);
    }

    private FlowSession(
            Sessions sessions,
            int record,
            boolean tcp,
            Ports ports,
            @Nullable Bound<?> byPort,
            boolean decided) {
        this.sessions = sessions;
        this.record = record;
        this.tcp = tcp;
        this.ports = ports;
        this.byPort = byPort;
        this.sink = this::message;
        if (decided && byPort != null) {
            bind(byPort);
        }
    }

    static FlowSession probing(
            Sessions sessions, int record, boolean tcp, Ports ports, @Nullable Bound<?> byPort) {
        return new FlowSession(sessions, record, tcp, ports, byPort, false);
    }

    private void bind(Bound<?> bound) {
        protocol = bound;
        reader = bound.reader(tcp, ports, sink);
        closed = reader == null;
    }

    private void message(Side side, long nanos, Object message) {
        sessions.countMessage();
        try {
            sessions.host().onMessage(record, side, nanos, message);
        } catch (RuntimeException e) {
            thrown = thrown == null ? e : thrown;
        }
    }

    /** The next bytes of one side's stream, or a datagram; false if no more are wanted. */
    public boolean onBytes(Side side, MemorySegment memory, long offset, int length, long nanos) {
        if (closed || length == 0) {
            return !closed;
        }
        present = side;
        if (reader == null) {
            return decide(side, memory, offset, length, nanos);
        }
        ParserStatus status;
        try {
            status = reader.onBytes(side, memory, offset, length, nanos);
        } catch (RuntimeException e) {
            return crashed(e);
        }
        return after(status, CloseReason.FINISHED, nanos);
    }

    private boolean decide(Side side, MemorySegment memory, long offset, int length, long nanos) {
        byte[] before = prefix;
        if (before == null) {
            Sessions.Judgement judgement = sessions.judge(tcp, byPort, memory, offset, length);
            if (judgement.undecided()) {
                prefixSide = side;
                prefix = memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
                return true;
            }
            return begin(judgement.protocol()) && onBytes(side, memory, offset, length, nanos);
        }
        MemorySegment start = sessions.prefix();
        MemorySegment.copy(MemorySegment.ofArray(before), 0, start, 0, before.length);
        int added = 0;
        if (side == prefixSide) {
            added = Math.min(length, ParserFactory.PROBE_BYTES - before.length);
            MemorySegment.copy(memory, offset, start, before.length, added);
        }
        int known = before.length + added;
        Sessions.Judgement judgement = sessions.judge(tcp, byPort, start, 0, known);
        if (judgement.undecided() && side == prefixSide) {
            prefix = start.asSlice(0, known).toArray(ValueLayout.JAVA_BYTE);
            return true;
        }
        // An answer before anybody could tell: the port decides.
        prefix = null;
        return begin(judgement.undecided() ? byPort : judgement.protocol())
                && onBytes(prefixSide, start, 0, before.length, nanos)
                && onBytes(side, memory, offset, length, nanos);
    }

    private boolean begin(@Nullable Bound<?> bound) {
        if (bound == null) {
            closed = true;
            return false;
        }
        bind(bound);
        return !closed;
    }

    /** Bytes are missing for good; false if no more are wanted. */
    public boolean onGap(Side side, long lengthBytes, long nanos) {
        if (closed) {
            return false;
        }
        present = side;
        if (reader == null) {
            prefix = null;
            closed = true;
            return false;
        }
        ParserStatus status;
        try {
            status = reader.onGap(side, lengthBytes, nanos);
        } catch (RuntimeException e) {
            return crashed(e);
        }
        return after(status, CloseReason.GAP, nanos);
    }

    /** One side's stream has ended; false if no more is wanted. */
    public boolean onEnd(Side side, long nanos) {
        if (closed || (ended & bit(side)) != 0) {
            return !closed;
        }
        ended |= bit(side);
        present = side;
        flushPrefix(nanos);
        if (closed || reader == null) {
            return !closed;
        }
        ParserStatus status;
        try {
            status = reader.onEnd(side, nanos);
        } catch (RuntimeException e) {
            return crashed(e);
        }
        return after(status, CloseReason.FINISHED, nanos);
    }

    private static int bit(Side side) {
        return side == Side.INITIATOR ? 1 : 2;
    }

    /** What was too short to tell is read as the port says. */
    private void flushPrefix(long nanos) {
        byte[] before = prefix;
        if (before != null) {
            prefix = null;
            MemorySegment start = sessions.prefix();
            MemorySegment.copy(MemorySegment.ofArray(before), 0, start, 0, before.length);
            if (begin(byPort)) {
                onBytes(prefixSide, start, 0, before.length, nanos);
            }
        }
    }

    /** The flow ends: both sides end, then the parser is closed. */
    public void close(long nanos) {
        try {
            if (onEnd(Side.INITIATOR, nanos)) {
                onEnd(Side.RESPONDER, nanos);
            }
        } finally {
            if (!closed) {
                shut(CloseReason.FINISHED, "");
            }
        }
        rethrow();
    }

    /** The tracker is gone: the parser is closed, and nobody is told. */
    public void release() {
        Reader left = reader;
        reader = null;
        closed = true;
        prefix = null;
        if (left != null) {
            left.close();
        }
    }

    /** Closes the parser because the user, or a limit, says so. */
    public void stop() {
        if (!closed) {
            shut(CloseReason.STOPPED, "");
        }
        rethrow();
    }

    void onTime(long nanos) {
        if (reader == null) {
            return;
        }
        ParserStatus status;
        try {
            status = reader.onTime(nanos);
        } catch (RuntimeException e) {
            crashed(e);
            return;
        }
        after(status, CloseReason.FINISHED, nanos);
    }

    private boolean crashed(RuntimeException e) {
        shut(CloseReason.PARSE_ERROR, "the parser threw " + e);
        rethrow();
        return false;
    }

    private boolean after(ParserStatus status, CloseReason ifDone, long nanos) {
        Reader used = reader;
        if (used == null) {
            return false;
        }
        switch (status) {
            case FAILED -> shut(CloseReason.PARSE_ERROR, used.failure());
            case DONE -> done(used, ifDone, nanos);
            case CONTINUE -> goOn(used);
        }
        rethrow();
        return !closed;
    }

    private void done(Reader used, CloseReason reason, long nanos) {
        boolean tunnel =
                reason == CloseReason.FINISHED && used.opensTunnel() && !tunnelled && ended == 0;
        ByteText initiators = tunnel ? used.tunnelled(Side.INITIATOR) : ByteText.EMPTY;
        ByteText responders = tunnel ? used.tunnelled(Side.RESPONDER) : ByteText.EMPTY;
        shut(reason, "");
        if (tunnel) {
            tunnelled = true;
            byPort = null;
            closed = false;
            replay(Side.INITIATOR, initiators, nanos);
            replay(Side.RESPONDER, responders, nanos);
        }
    }

    /** Bytes that the parser before has read too far. */
    private void replay(Side side, ByteText bytes, long nanos) {
        if (!bytes.isEmpty() && !closed) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment copy = arena.allocate(bytes.length());
                MemorySegment.copy(
                        bytes.toArray(), 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length());
                onBytes(side, copy, 0, bytes.length(), nanos);
            }
        }
    }

    private void goOn(Reader used) {
        long held = used.heldBytes();
        boolean within = sessions.hold(held - heldBytes);
        heldBytes = held;
        if (!within) {
            shut(CloseReason.STOPPED, "");
            return;
        }
        // A time that has passed is as good as the next moment; without that, onTime would not end.
        long wake = Math.max(used.wakeNanos(), sessions.nowNanos() + 1);
        if (wake < queuedNanos) {
            if (queuedNanos != NEVER) {
                sessions.wakes().remove(this);
            }
            queuedNanos = wake;
            sessions.wakes().add(this);
        }
    }

    private void shut(CloseReason reason, String detail) {
        Reader used = reader;
        Bound<?> named = protocol;
        closed = true;
        reader = null;
        prefix = null;
        sessions.hold(-heldBytes);
        heldBytes = 0;
        if (queuedNanos != NEVER) {
            sessions.wakes().closed();
        }
        if (used == null || named == null) {
            return;
        }
        try {
            used.close();
        } catch (RuntimeException e) {
            failed = true;
        }
        if (reason == CloseReason.PARSE_ERROR) {
            failed = true;
            sessions.countFailure();
        }
        try {
            sessions.host().onParserClosed(record, present, named.name(), reason, detail);
        } catch (RuntimeException e) {
            thrown = thrown == null ? e : thrown;
        }
    }

    private void rethrow() {
        RuntimeException e = thrown;
        if (e != null) {
            thrown = null;
            throw e;
        }
    }

    long queuedNanos() {
        return queuedNanos;
    }

    void unqueued() {
        queuedNanos = NEVER;
    }

    /** Whether nothing more is read. */
    public boolean isClosed() {
        return closed;
    }

    /** Whether the bytes were not what the parser can read. */
    public boolean failed() {
        return failed;
    }
}
