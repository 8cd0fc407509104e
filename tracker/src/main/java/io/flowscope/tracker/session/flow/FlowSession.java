package io.flowscope.tracker.session.flow;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.CloseReason;
import io.flowscope.tracker.session.MessageParser;
import io.flowscope.tracker.session.MessageSink;
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
 *
 * <p>A packet that a parser merely takes note of reads this object and the parser, and writes one
 * byte: with many flows every further object on its way is a cache line from far away.
 */
public abstract sealed class FlowSession implements MessageSink<Object>
        permits StreamSession, DatagramSession {
    private static final long NEVER = Long.MAX_VALUE;

    private long heldBytes;
    private long queuedNanos = NEVER;
    private final int record;
    private boolean closed;
    private boolean failed;
    private boolean tunnelled;

    /** Whom the present call is about, or the last one was. A reference would cost a barrier. */
    private boolean presentResponder;

    /** Bits of the sides that have ended. */
    private byte ended;

    private @Nullable MessageParser<?> parser;
    private @Nullable RuntimeException thrown;
    private final Sessions sessions;
    private @Nullable Bound<?> protocol;
    private final Opening opening;

    FlowSession(Sessions sessions, int record, Opening opening) {
        this.sessions = sessions;
        this.record = record;
        this.opening = opening;
    }

    /** Makes the parser that the methods below are about; null if the protocol has none. */
    abstract @Nullable MessageParser<?> newParser(Bound<?> bound, Ports ports);

    abstract void forgetParser();

    abstract ParserStatus read(
            Side side, MemorySegment memory, long offset, int length, long nanos);

    abstract ParserStatus readGap(Side side, long lengthBytes, long nanos);

    /** A flow of datagrams ends once, for both sides. */
    abstract ParserStatus readEnd(Side side, boolean whole, long nanos);

    abstract boolean opensTunnel();

    abstract ByteText tunnelled(Side side);

    /** The number under which the tracker knows the flow. */
    public final int record() {
        return record;
    }

    /** The protocol is known; false if there is none or it does not read such flows. */
    final boolean begin(@Nullable Bound<?> bound) {
        if (bound != null) {
            protocol = bound;
            parser = newParser(bound, opening.ports());
        }
        if (parser == null) {
            end();
        }
        return !closed;
    }

    /** Nothing more is read. */
    private void end() {
        closed = true;
        sessions.host().onUnread(record);
    }

    /** From the parser. */
    @Override
    public final void onMessage(Side side, long nanos, Object message) {
        sessions.countMessage();
        try {
            sessions.host().onMessage(record, side, nanos, message);
        } catch (RuntimeException e) {
            thrown = thrown == null ? e : thrown;
        }
    }

    /** The next bytes of one side's stream, or a datagram; false if no more are wanted. */
    public final boolean onBytes(
            Side side, MemorySegment memory, long offset, int length, long nanos) {
        if (closed || length == 0) {
            return !closed;
        }
        presentResponder = side == Side.RESPONDER;
        if (parser == null) {
            return decide(side, memory, offset, length, nanos);
        }
        ParserStatus status;
        try {
            status = read(side, memory, offset, length, nanos);
        } catch (RuntimeException e) {
            return crashed(e);
        }
        return isUneventful(status) || after(status, CloseReason.FINISHED, nanos);
    }

    private boolean isUneventful(ParserStatus status) {
        MessageParser<?> used = parser;
        return status == ParserStatus.CONTINUE
                && thrown == null
                && used != null
                && used.heldBytes() == heldBytes
                && used.wakeNanos() == NEVER;
    }

    private boolean decide(Side side, MemorySegment memory, long offset, int length, long nanos) {
        Sessions.Judgement judgement = opening.judge(side, memory, offset, length);
        if (judgement.undecided()) {
            return true;
        }
        int waited = opening.takePrefix();
        return begin(judgement.protocol())
                && (waited == 0
                        || onBytes(opening.prefixSide(), sessions.prefix(), 0, waited, nanos))
                && onBytes(side, memory, offset, length, nanos);
    }

    /** Bytes are missing for good; false if no more are wanted. */
    public final boolean onGap(Side side, long lengthBytes, long nanos) {
        if (closed) {
            return false;
        }
        presentResponder = side == Side.RESPONDER;
        if (parser == null) {
            opening.clear();
            end();
            return false;
        }
        ParserStatus status;
        try {
            status = readGap(side, lengthBytes, nanos);
        } catch (RuntimeException e) {
            return crashed(e);
        }
        return after(status, CloseReason.GAP, nanos);
    }

    /** One side's stream has ended with its FIN; false if no more is wanted. */
    public final boolean onEnd(Side side, long nanos) {
        return end(side, true, nanos);
    }

    /** One side's stream has ended in another way; false if no more is wanted. */
    public final boolean onCut(Side side, long nanos) {
        return end(side, false, nanos);
    }

    private boolean end(Side side, boolean whole, long nanos) {
        if (closed || (ended & bit(side)) != 0) {
            return !closed;
        }
        ended |= bit(side);
        presentResponder = side == Side.RESPONDER;
        flushPrefix(nanos);
        if (closed || parser == null) {
            return !closed;
        }
        ParserStatus status;
        try {
            status = readEnd(side, whole, nanos);
        } catch (RuntimeException e) {
            return crashed(e);
        }
        return after(status, CloseReason.FINISHED, nanos);
    }

    private static byte bit(Side side) {
        return (byte) (side == Side.INITIATOR ? 1 : 2);
    }

    /** What was too short to tell is read as the port says. */
    private void flushPrefix(long nanos) {
        if (opening.isWaiting()) {
            int waited = opening.takePrefix();
            if (begin(opening.byPort())) {
                onBytes(opening.prefixSide(), sessions.prefix(), 0, waited, nanos);
            }
        }
    }

    /** The flow ends: so does each side that has not, then the parser is closed. */
    public final void close(long nanos) {
        try {
            if (onCut(Side.INITIATOR, nanos)) {
                onCut(Side.RESPONDER, nanos);
            }
        } finally {
            if (!closed) {
                shut(CloseReason.FINISHED, "");
            }
        }
        rethrow();
    }

    /** The tracker is gone: the parser is closed, and nobody is told. */
    public final void release() {
        MessageParser<?> left = parser;
        parser = null;
        forgetParser();
        closed = true;
        opening.clear();
        if (left != null) {
            left.close();
        }
    }

    /** Closes the parser because the user, or a limit, says so. */
    public final void stop() {
        if (!closed) {
            shut(CloseReason.STOPPED, "");
        }
        rethrow();
    }

    final void onTime(long nanos) {
        MessageParser<?> waiting = parser;
        if (waiting == null) {
            return;
        }
        ParserStatus status;
        try {
            status = waiting.onTime(nanos, this);
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
        MessageParser<?> used = parser;
        if (used == null) {
            return false;
        }
        switch (status) {
            case FAILED -> shut(CloseReason.PARSE_ERROR, used.failure());
            case DONE -> done(ifDone, nanos);
            case CONTINUE -> goOn(used);
        }
        rethrow();
        return !closed;
    }

    private void done(CloseReason reason, long nanos) {
        boolean tunnel =
                reason == CloseReason.FINISHED && opensTunnel() && !tunnelled && ended == 0;
        ByteText initiators = tunnel ? tunnelled(Side.INITIATOR) : ByteText.EMPTY;
        ByteText responders = tunnel ? tunnelled(Side.RESPONDER) : ByteText.EMPTY;
        shut(reason, "");
        if (tunnel) {
            tunnelled = true;
            opening.forgetPort();
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

    private void goOn(MessageParser<?> used) {
        long held = used.heldBytes();
        if (held != heldBytes) {
            boolean within = sessions.hold(held - heldBytes);
            heldBytes = held;
            if (!within) {
                shut(CloseReason.STOPPED, "");
                return;
            }
        }
        long wake = used.wakeNanos();
        if (wake != NEVER) {
            queue(wake);
        }
    }

    private void queue(long wanted) {
        // A time that has passed is as good as the next moment; without that, onTime would not end.
        long wake = Math.max(wanted, sessions.nowNanos() + 1);
        if (wake < queuedNanos) {
            if (queuedNanos != NEVER) {
                sessions.wakes().remove(this);
            }
            queuedNanos = wake;
            sessions.wakes().add(this);
        }
    }

    private void shut(CloseReason reason, String detail) {
        MessageParser<?> used = parser;
        Bound<?> named = protocol;
        parser = null;
        forgetParser();
        opening.clear();
        end();
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
            Side side = presentResponder ? Side.RESPONDER : Side.INITIATOR;
            sessions.host().onParserClosed(record, side, named.name(), reason, detail);
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

    final long queuedNanos() {
        return queuedNanos;
    }

    final void unqueued() {
        queuedNanos = NEVER;
    }

    /** Whether nothing more is read. */
    public final boolean isClosed() {
        return closed;
    }

    /** Whether the bytes were not what the parser can read. */
    public final boolean failed() {
        return failed;
    }
}
