package io.flowscope.bench.stage;

import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;
import io.flowscope.tracker.session.DatagramParser;
import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.SessionProtocol;
import io.flowscope.tracker.session.dns.DnsProtocol;
import io.flowscope.tracker.session.http.HttpProtocol;
import io.flowscope.tracker.session.tls.TlsProtocol;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Messages of the protocols that come with the tracker. One operation is one flow of the
 * generator's office: a name look-up, a web page, a TLS handshake; the parser is made and closed
 * with it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ParserBenchmark {
    /** Which protocol. */
    @Param public Protocol protocol = Protocol.DNS;

    private final List<Piece> pieces = new ArrayList<>();
    private Ports ports = new Ports(0, 0);
    private ParserFactory<?> factory = new DnsProtocol().newFactory();
    private long messages;

    /** The protocols, and the port by which a flow is found. */
    public enum Protocol {
        /** Name look-ups over UDP. */
        DNS(53),
        /** Web pages. */
        HTTP(80),
        /** Handshakes. */
        TLS(443);

        private final int port;

        Protocol(int port) {
            this.port = port;
        }
    }

    private record Piece(Side side, MemorySegment memory, int length) {}

    /** Takes the first flow to the port apart. */
    @Setup(Level.Trial)
    public void prepare() {
        factory = protocol().newFactory();
        var decoder = new PacketDecoder();
        var cursor = new PacketCursor();
        int[] client = {-1};
        try (TrafficGenerator office = TrafficGenerator.mix(1)) {
            office.forEach(
                    (memory, offset, captured, length, nanos) -> {
                        decoder.decode(memory, offset, captured, length, nanos, 1, cursor);
                        add(cursor, client);
                    });
        }
        if (pieces.isEmpty()) {
            throw new IllegalStateException("no " + protocol + " in the office");
        }
        ports = new Ports(client[0], protocol.port);
    }

    private SessionProtocol<?> protocol() {
        return switch (protocol) {
            case DNS -> new DnsProtocol();
            case HTTP -> new HttpProtocol();
            case TLS -> new TlsProtocol();
        };
    }

    private void add(PacketCursor cursor, int[] client) {
        boolean datagram = protocol == Protocol.DNS;
        boolean asks = cursor.destinationPort() == protocol.port;
        boolean answers = cursor.sourcePort() == protocol.port;
        if ((!asks && !answers) || datagram == cursor.hasTcpHeader()) {
            return;
        }
        int other = asks ? cursor.sourcePort() : cursor.destinationPort();
        if (client[0] < 0 && asks) {
            client[0] = other;
        }
        int length = cursor.payloadCaptured();
        if (other == client[0] && length > 0) {
            MemorySegment copy = Arena.ofAuto().allocate(length, Long.BYTES);
            MemorySegment.copy(cursor.memory(), cursor.payloadOffset(), copy, 0, length);
            pieces.add(new Piece(asks ? Side.INITIATOR : Side.RESPONDER, copy, length));
        }
    }

    /** One flow. */
    @Benchmark
    public long flow() {
        if (protocol == Protocol.DNS) {
            datagrams(Objects.requireNonNull(factory.newDatagramParser(ports)));
        } else {
            stream(Objects.requireNonNull(factory.newStreamParser(ports)));
        }
        return messages;
    }

    private void datagrams(DatagramParser<?> parser) {
        for (Piece piece : pieces) {
            parser.onDatagram(
                    piece.side, piece.memory, 0, piece.length, 1, (s, t, message) -> messages++);
        }
        parser.onEnd(2, (s, t, message) -> messages++);
        parser.close();
    }

    private void stream(SessionParser<?> parser) {
        for (Piece piece : pieces) {
            parser.onBytes(
                    piece.side, piece.memory, 0, piece.length, 1, (s, t, message) -> messages++);
        }
        parser.onEnd(Side.INITIATOR, 2, (s, t, message) -> messages++);
        parser.onEnd(Side.RESPONDER, 2, (s, t, message) -> messages++);
        parser.close();
    }
}
