package io.flowscope.tracker.session.flow;

import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.Probe;
import io.flowscope.tracker.session.SessionBinding;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.session.SessionProtocol;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The sessions of one tracker's flows. Used by the tracker's thread only; the caller keeps each
 * flow's {@link FlowSession} and closes it before the flow ends.
 */
public final class Sessions implements AutoCloseable {
    private final List<Bound<?>> protocols = new ArrayList<>();
    private final SessionOptions options;
    private final SessionHost host;
    private final Wakes wakes = new Wakes();

    /** Where the first bytes of a stream are put together; off the heap, as all other input is. */
    private final MemorySegment prefix;

    private long time;
    private long heldBytes;
    private long opened;
    private long messages;
    private long failures;

    /** Takes a few bytes of the arena, whose owner is the caller. */
    public Sessions(SessionOptions options, SessionHost host, Arena arena) {
        this.options = options;
        this.host = host;
        this.prefix = arena.allocate(ParserFactory.PROBE_BYTES);
        for (SessionProtocol<?> protocol : options.protocols()) {
            protocols.add(new Bound<>(protocol));
        }
    }

    /**
     * A flow has begun.
     *
     * @param record the caller's number for the flow
     * @param fromStart whether its first bytes are seen; if not, a port alone says nothing of the
     *     bytes that come first
     * @return null if nothing of it is to be read
     */
    public @Nullable FlowSession open(int record, boolean tcp, Ports ports, boolean fromStart) {
        String chosen = options.binding().protocolFor(tcp, ports);
        if (chosen != null) {
            Bound<?> named = chosen.equals(SessionBinding.NOTHING) ? null : named(chosen);
            return named == null ? null : decided(record, tcp, ports, named);
        }
        Bound<?> byPort = byPort(tcp, ports);
        if (!options.probing()) {
            return byPort == null ? null : decided(record, tcp, ports, byPort);
        }
        return session(record, tcp, ports, fromStart ? byPort : null);
    }

    private FlowSession decided(int record, boolean tcp, Ports ports, Bound<?> bound) {
        FlowSession session = session(record, tcp, ports, bound);
        session.begin(bound);
        return session;
    }

    private FlowSession session(int record, boolean tcp, Ports ports, @Nullable Bound<?> byPort) {
        opened++;
        Opening opening = new Opening(this, tcp, ports, byPort);
        return tcp
                ? new StreamSession(this, record, opening)
                : new DatagramSession(this, record, opening);
    }

    private @Nullable Bound<?> named(String name) {
        for (Bound<?> protocol : protocols) {
            if (protocol.name().equals(name)) {
                return protocol;
            }
        }
        return null;
    }

    /** The responder's port says more than the initiator's. */
    private @Nullable Bound<?> byPort(boolean tcp, Ports ports) {
        for (int port : new int[] {ports.responder(), ports.initiator()}) {
            for (Bound<?> protocol : protocols) {
                if (protocol.hasPort(tcp, port)) {
                    return protocol;
                }
            }
        }
        return null;
    }

    /** The result of asking all protocols. */
    record Judgement(@Nullable Bound<?> protocol, boolean undecided) {}

    /** Asks the protocol of the port first, then the others. */
    Judgement judge(
            boolean tcp, @Nullable Bound<?> byPort, MemorySegment memory, long offset, int length) {
        int shown = Math.min(length, ParserFactory.PROBE_BYTES);
        int seen = tcp ? shown : length;
        boolean undecided = false;
        if (byPort != null) {
            Probe probe = byPort.probe(tcp, memory, offset, seen);
            if (probe == Probe.YES) {
                return new Judgement(byPort, false);
            }
            undecided = probe == Probe.MORE;
        }
        for (Bound<?> protocol : protocols) {
            if (protocol == byPort) {
                continue;
            }
            Probe probe = protocol.probe(tcp, memory, offset, seen);
            if (probe == Probe.YES) {
                return new Judgement(protocol, false);
            }
            undecided |= probe == Probe.MORE;
        }
        boolean more = tcp && undecided && shown < ParserFactory.PROBE_BYTES;
        return new Judgement(more ? null : byPort, more);
    }

    /** Packet time has come so far: parsers with time limits are called. */
    public void onTime(long nowNanos) {
        time = Math.max(time, nowNanos);
        FlowSession due = wakes.due(nowNanos);
        while (due != null) {
            due.onTime(nowNanos);
            due = wakes.due(nowNanos);
        }
    }

    long nowNanos() {
        return time;
    }

    MemorySegment prefix() {
        return prefix;
    }

    SessionHost host() {
        return host;
    }

    Wakes wakes() {
        return wakes;
    }

    void countMessage() {
        messages++;
    }

    void countFailure() {
        failures++;
    }

    /** Adds to what all parsers hold; false if that is beyond the bound. */
    boolean hold(long moreBytes) {
        heldBytes += moreBytes;
        return moreBytes <= 0 || heldBytes <= options.maxHeldBytes();
    }

    /** Bytes held by all parsers together. */
    public long heldBytes() {
        return heldBytes;
    }

    /** Sessions that were opened. */
    public long opened() {
        return opened;
    }

    /** Messages given out. */
    public long messages() {
        return messages;
    }

    /** Parsers that failed. */
    public long failures() {
        return failures;
    }

    /** Releases what the parsers share; all sessions were closed before. */
    @Override
    public void close() {
        protocols.forEach(Bound::close);
        protocols.clear();
    }
}
