package io.flowscope.tracker.rules;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TcpState;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.model.TestPacket;
import io.flowscope.tracker.model.TestPacket.Endpoint;
import io.flowscope.tracker.packet.PacketCursor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A tracker, the packets it is given and what it says. Time is in milliseconds from the beginning
 * of the scene; a flow is named by its client's port.
 */
final class Scene implements AutoCloseable {
    static final long BEGIN_NANOS = 1_700_000_000_000_000_000L;
    static final int CLIENT_ISN = 1000;
    static final int SERVER_ISN = 5000;

    final List<String> events = new ArrayList<>();
    final List<FlowRecord> ended = new ArrayList<>();
    final FlowTracker tracker;
    private final Endpoint client;
    private final Endpoint server = new Endpoint(false, 2, 80);

    Scene(TrackerOptions.Builder options) {
        tracker = new FlowTracker(options.anomalies(true).build(), new Log());
        client = client(1001);
    }

    Scene() {
        this(TrackerOptions.builder());
    }

    static Endpoint client(int port) {
        return new Endpoint(false, 1, port);
    }

    /** From the client, with its bytes counted from its first after the SYN. */
    TestPacket out(int flags, int offset) {
        return TestPacket.tcp(client, server, flags).seq(CLIENT_ISN + 1 + offset);
    }

    /** From the server, likewise. */
    TestPacket in(int flags, int offset) {
        return TestPacket.tcp(server, client, flags).seq(SERVER_ISN + 1 + offset);
    }

    TestPacket out(int flags, int offset, int acknowledged) {
        return out(flags, offset).ack(SERVER_ISN + 1 + acknowledged);
    }

    TestPacket in(int flags, int offset, int acknowledged) {
        return in(flags, offset).ack(CLIENT_ISN + 1 + acknowledged);
    }

    /** A datagram from a client's port to the server. */
    TestPacket datagram(int port) {
        return TestPacket.udp(client(port), server, 10);
    }

    /** SYN, SYN-ACK, ACK, a millisecond apart, beginning at a time. */
    Scene handshake(long millis) {
        at(millis, out(TestPacket.SYN, -1));
        at(millis + 1, in(TestPacket.SYN, -1, 0));
        return at(millis + 2, out(0, 0, 0));
    }

    /** Both sides' FIN and the last acknowledgment, a millisecond apart. */
    Scene goodbye(long millis) {
        at(millis, out(TestPacket.FIN, 0, 0));
        at(millis + 1, in(TestPacket.FIN, 0, 1));
        return at(millis + 2, out(0, 1, 1));
    }

    Scene at(long millis, TestPacket packet) {
        return bytes(millis, packet.bytes());
    }

    Scene bytes(long millis, byte[] frame) {
        MemorySegment memory = MemorySegment.ofArray(frame);
        tracker.track(memory, 0, frame.length, frame.length, nanos(millis));
        return this;
    }

    static long nanos(long millis) {
        return BEGIN_NANOS + millis * 1_000_000;
    }

    /** The one live flow. */
    FlowRecord live() {
        List<FlowRecord> flows = new ArrayList<>();
        tracker.forEachFlow(flow -> flows.add(flow.toRecord()));
        if (flows.size() != 1) {
            throw new AssertionError(flows);
        }
        return flows.get(0);
    }

    /** What was said since the last time. */
    List<String> said() {
        List<String> since = List.copyOf(events);
        events.clear();
        return since;
    }

    @Override
    public void close() {
        tracker.close();
    }

    private final class Log implements FlowListener {
        private void say(FlowView flow, String what) {
            FlowRecord record = flow.toRecord();
            int port = Math.max(record.initiatorPort(), record.responderPort());
            events.add(what + " " + port);
        }

        @Override
        public void onStarted(FlowView flow) {
            say(flow, "started");
        }

        @Override
        public void onAnomaly(FlowView flow, AnomalyKind kind, Side side) {
            say(flow, kind.label() + " of " + side);
        }

        @Override
        public void onEstablished(FlowView flow) {
            say(flow, "established");
        }

        @Override
        public void onStateChange(FlowView flow, TcpState from, TcpState to) {
            say(flow, to.label());
        }

        @Override
        public void onPacket(FlowView flow, Side side, PacketCursor packet) {
            say(flow, "packet");
        }

        @Override
        public void onIcmpError(FlowView flow, int type, int code) {
            say(flow, "icmp error " + type + "/" + code);
        }

        @Override
        public void onInterim(FlowView flow) {
            say(flow, "interim");
        }

        @Override
        public void onEnded(FlowView flow, EndReason reason) {
            say(flow, "ended " + reason.label());
            ended.add(flow.toRecord());
        }
    }
}
