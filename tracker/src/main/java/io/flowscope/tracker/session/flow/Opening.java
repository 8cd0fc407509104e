package io.flowscope.tracker.session.flow;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.Ports;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What is known of a flow while nobody has said which protocol it speaks. */
final class Opening {
    private final Sessions sessions;
    private final boolean tcp;
    private final Ports ports;
    private @Nullable Bound<?> byPort;

    /** First bytes of {@link #prefixSide} that were too few to decide. */
    private byte @Nullable [] prefix;

    private Side prefixSide = Side.INITIATOR;

    Opening(Sessions sessions, boolean tcp, Ports ports, @Nullable Bound<?> byPort) {
        this.sessions = sessions;
        this.tcp = tcp;
        this.ports = ports;
        this.byPort = byPort;
    }

    Ports ports() {
        return ports;
    }

    @Nullable Bound<?> byPort() {
        return byPort;
    }

    /** Another protocol begins inside; of it the ports say nothing. */
    void forgetPort() {
        byPort = null;
    }

    /** First bytes wait for more. */
    boolean isWaiting() {
        return prefix != null;
    }

    Side prefixSide() {
        return prefixSide;
    }

    void clear() {
        prefix = null;
    }

    /**
     * The next bytes, whoever sent them, judged together with those that wait; they wait too if
     * that is still too little.
     */
    Sessions.Judgement judge(Side side, MemorySegment memory, long offset, int length) {
        byte[] before = prefix;
        if (before == null) {
            Sessions.Judgement judgement = sessions.judge(tcp, byPort, memory, offset, length);
            if (judgement.undecided()) {
                prefixSide = side;
                prefix = memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
            }
            return judgement;
        }
        MemorySegment start = sessions.prefix();
        copyPrefix(before, start);
        int added = 0;
        if (side == prefixSide) {
            added = Math.min(length, ParserFactory.PROBE_BYTES - before.length);
            MemorySegment.copy(memory, offset, start, before.length, added);
        }
        int known = before.length + added;
        Sessions.Judgement judgement = sessions.judge(tcp, byPort, start, 0, known);
        if (!judgement.undecided()) {
            return judgement;
        }
        if (side == prefixSide) {
            prefix = start.asSlice(0, known).toArray(ValueLayout.JAVA_BYTE);
            return judgement;
        }
        // An answer before anybody could tell: the port decides.
        return new Sessions.Judgement(byPort, false);
    }

    /** Puts the bytes that waited where they can be read, and keeps them no longer. */
    int takePrefix() {
        byte[] before = prefix;
        if (before == null) {
            return 0;
        }
        prefix = null;
        copyPrefix(before, sessions.prefix());
        return before.length;
    }

    private static void copyPrefix(byte[] from, MemorySegment to) {
        MemorySegment.copy(from, 0, to, ValueLayout.JAVA_BYTE, 0, from.length);
    }
}
