package io.flowscope.tracker.session;

import io.flowscope.tracker.Side;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a protocol's parsers over the flows of a capture that its probe, or all ports, choose. */
public final class CaptureRun {
    /** A flow's messages. */
    public record Flow(String stream, Ports ports, List<Talk.Heard> heard, List<String> closed) {
        /** The messages of one kind. */
        public <T> List<T> all(Class<T> kind) {
            return heard.stream()
                    .map(Talk.Heard::message)
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .toList();
        }
    }

    private static final class Open<M> {
        final String initiator;
        final Flow flow;
        SessionParser<M> stream;
        DatagramParser<M> datagram;
        final TsharkPackets.Order[] orders = {new TsharkPackets.Order(), new TsharkPackets.Order()};

        Open(String initiator, Flow flow) {
            this.initiator = initiator;
            this.flow = flow;
        }
    }

    private CaptureRun() {}

    /** Runs a protocol over the packets of a capture. */
    public static <M> List<Flow> of(
            List<TsharkPackets.Packet> packets, SessionProtocol<M> protocol) {
        Map<String, Open<M>> open = new LinkedHashMap<>();
        List<Flow> flows = new ArrayList<>();
        long last = 0;
        try (ParserFactory<M> factory = protocol.newFactory()) {
            for (TsharkPackets.Packet p : packets) {
                last = p.nanos();
                Open<M> o = open.get(p.stream());
                if (o == null) {
                    o = begin(p, factory);
                    open.put(p.stream(), o);
                    flows.add(o.flow);
                }
                packet(o, p);
            }
            for (Open<M> o : open.values()) {
                end(o, last);
            }
        }
        return flows;
    }

    private static <M> Open<M> begin(TsharkPackets.Packet p, ParserFactory<M> factory) {
        Ports ports = new Ports(port(p.from()), p.to());
        Open<M> o =
                new Open<>(
                        p.from(),
                        new Flow(p.stream(), ports, new ArrayList<>(), new ArrayList<>()));
        if (p.tcp()) {
            o.stream = factory.newStreamParser(ports);
        } else {
            o.datagram = factory.newDatagramParser(ports);
        }
        return o;
    }

    private static int port(String endpoint) {
        return Integer.parseInt(endpoint.substring(endpoint.indexOf(' ') + 1));
    }

    private static <M> void packet(Open<M> o, TsharkPackets.Packet p) {
        Side side = p.from().equals(o.initiator) ? Side.INITIATOR : Side.RESPONDER;
        MessageSink<M> sink = (s, n, m) -> o.flow.heard().add(new Talk.Heard(s, n, m));
        if (o.datagram != null && p.payload().length > 0) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = memory(arena, p.payload());
                ParserStatus status =
                        o.datagram.onDatagram(side, memory, 0, p.payload().length, p.nanos(), sink);
                if (status != ParserStatus.CONTINUE) {
                    o.flow.closed().add(status + " " + o.datagram.failure());
                    o.datagram.close();
                    o.datagram = null;
                }
            }
        }
        if (o.stream == null) {
            return;
        }
        for (byte[] piece : o.orders[side == Side.INITIATOR ? 0 : 1].take(p)) {
            try (Arena arena = Arena.ofConfined()) {
                ParserStatus status =
                        o.stream.onBytes(
                                side, memory(arena, piece), 0, piece.length, p.nanos(), sink);
                if (status != ParserStatus.CONTINUE) {
                    o.flow.closed().add(status + " " + o.stream.failure());
                    o.stream.close();
                    o.stream = null;
                    return;
                }
            }
        }
    }

    private static MemorySegment memory(Arena arena, byte[] bytes) {
        MemorySegment memory = arena.allocate(bytes.length);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory;
    }

    private static <M> void end(Open<M> o, long last) {
        MessageSink<M> sink = (s, n, m) -> o.flow.heard().add(new Talk.Heard(s, n, m));
        if (o.stream != null) {
            if (o.stream.onEnd(Side.INITIATOR, last, sink) == ParserStatus.CONTINUE) {
                o.stream.onEnd(Side.RESPONDER, last, sink);
            }
            o.stream.close();
        }
        if (o.datagram != null) {
            o.datagram.onEnd(last, sink);
            o.datagram.close();
        }
    }
}
