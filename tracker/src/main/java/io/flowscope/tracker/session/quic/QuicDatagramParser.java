package io.flowscope.tracker.session.quic;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.DatagramParser;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.SessionMessage;
import io.flowscope.tracker.session.tls.ClientHello;
import io.flowscope.tracker.session.tls.ServerHello;
import io.flowscope.tracker.session.tls.TlsHandshake;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Reads a flow's first packets until both hellos are there, or nothing readable is left. */
final class QuicDatagramParser implements DatagramParser<SessionMessage> {
    /** After so many datagrams without both hellos, a handshake is not going to show any more. */
    private static final int MAX_DATAGRAMS = 64;

    /** After so many that are no Initial of a known version, it is something else. */
    private static final int MAX_STRANGE_DATAGRAMS = 4;

    /** Where a hello's length is: after its type. */
    private static final int HELLO_HEADER_BYTES = 4;

    private final QuicFactory factory;
    private final LongHeader header = new LongHeader();
    private final QuicSide[] sides = {new QuicSide(), new QuicSide()};
    private Side client = Side.INITIATOR;
    private boolean clientKnown;

    /** Whether a server asked for another start, which makes it QUIC whatever else is missing. */
    private boolean restartAsked;

    private @Nullable ClientHello clientHello;
    private @Nullable ServerHello serverHello;
    private boolean summed;
    private int datagrams;
    private String failure = "";

    QuicDatagramParser(QuicFactory factory) {
        this.factory = factory;
    }

    private QuicSide side(Side side) {
        return sides[side == Side.INITIATOR ? 0 : 1];
    }

    @Override
    public ParserStatus onDatagram(
            Side side,
            MemorySegment memory,
            long offset,
            int length,
            long timestampNanos,
            MessageSink<? super SessionMessage> sink) {
        byte[] scratch = factory.scratch();
        int to = Math.min(length, scratch.length);
        if (to == 0) {
            return ParserStatus.CONTINUE;
        }
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, scratch, 0, to);
        datagrams++;
        if ((scratch[0] & 0x80) == 0) {
            return shortHeader(timestampNanos, sink);
        }
        int at = 0;
        while (at < to && (scratch[at] & 0x80) != 0) {
            if (!header.begin(scratch, at, to)) {
                break;
            }
            packet(side, scratch, timestampNanos, sink);
            at = header.end;
        }
        if (!clientKnown && !restartAsked && datagrams >= MAX_STRANGE_DATAGRAMS) {
            return notQuic("no Initial packet of a known version among the first");
        }
        boolean over = clientHello != null && serverHello != null;
        if (over || datagrams >= MAX_DATAGRAMS) {
            sumUp(timestampNanos, sink);
            return ParserStatus.DONE;
        }
        return ParserStatus.CONTINUE;
    }

    /** Packets with a short header come after the handshake; alone they are somebody else's. */
    private ParserStatus shortHeader(long nanos, MessageSink<? super SessionMessage> sink) {
        if (!clientKnown && !restartAsked) {
            return notQuic("no Initial packet before others");
        }
        if (clientHello == null) {
            return datagrams < MAX_DATAGRAMS ? ParserStatus.CONTINUE : ParserStatus.DONE;
        }
        sumUp(nanos, sink);
        return ParserStatus.DONE;
    }

    private ParserStatus notQuic(String reason) {
        failure = reason;
        return ParserStatus.FAILED;
    }

    private void packet(
            Side side, byte[] datagram, long nanos, MessageSink<? super SessionMessage> sink) {
        if (header.version == 0) {
            versionNegotiation(side, datagram, nanos, sink);
            return;
        }
        QuicVersion version = QuicVersion.of(header.version);
        if (version == null) {
            return;
        }
        if (version.isRetry(header.first)) {
            clientKnown = true;
            client = side.other();
            restartAsked = true;
            sink.onMessage(
                    side,
                    nanos,
                    new QuicRetry(header.version, header.destinationId, header.sourceId));
            return;
        }
        boolean initial = version.isInitial(header.first);
        if (header.body(initial)) {
            if (initial) {
                initial(side, version, datagram, nanos, sink);
            }
        } else {
            header.end = Integer.MAX_VALUE;
        }
    }

    private void versionNegotiation(
            Side side, byte[] datagram, long nanos, MessageSink<? super SessionMessage> sink) {
        restartAsked = true;
        List<Integer> versions = new ArrayList<>();
        for (int at = header.rest(); at + 4 <= header.end && versions.size() < 64; at += 4) {
            versions.add(
                    (datagram[at] & 0xff) << 24
                            | (datagram[at + 1] & 0xff) << 16
                            | (datagram[at + 2] & 0xff) << 8
                            | (datagram[at + 3] & 0xff));
        }
        sink.onMessage(side, nanos, new QuicVersionNegotiation(List.copyOf(versions)));
    }

    private void initial(
            Side side,
            QuicVersion version,
            byte[] datagram,
            long nanos,
            MessageSink<? super SessionMessage> sink) {
        byte[] frames = open(side, version, datagram);
        if (frames.length == 0) {
            return;
        }
        QuicSide in = side(side);
        if (!in.announced) {
            in.announced = true;
            sink.onMessage(
                    side,
                    nanos,
                    new QuicInitial(
                            header.version,
                            header.destinationId,
                            header.sourceId,
                            header.tokenBytes));
        }
        new InitialFrames(frames).copyTo(in.stream);
        hello(side, in, nanos, sink);
    }

    /** Tries the keys that are known, then those that would follow from this very packet. */
    private byte[] open(Side side, QuicVersion version, byte[] datagram) {
        boolean fromClient = !clientKnown || side == client;
        InitialKeys known = side(side).keys;
        byte[] frames = known == null ? new byte[0] : opened(known, datagram);
        if (frames.length > 0 || !fromClient || side(side).exhausted()) {
            return frames;
        }
        byte[] id = header.destinationId.toArray();
        if (known != null && known.isFor(version, id)) {
            return frames;
        }
        InitialKeys fresh = factory.keys(version, id, true);
        frames = opened(fresh, datagram);
        if (frames.length > 0) {
            clientKnown = true;
            client = side;
            side(side).restart(fresh);
            side(side.other()).restart(factory.keys(version, id, false));
        }
        return frames;
    }

    private byte[] opened(InitialKeys keys, byte[] datagram) {
        return factory.opener().open(keys, datagram, header.start, header.numberAt, header.end);
    }

    private void hello(
            Side side, QuicSide in, long nanos, MessageSink<? super SessionMessage> sink) {
        int ready = in.stream.contiguous();
        if (in.helloSeen || ready < HELLO_HEADER_BYTES) {
            return;
        }
        byte[] bytes = in.stream.bytes();
        int length = (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
        if (ready - HELLO_HEADER_BYTES < length) {
            return;
        }
        in.helloSeen = true;
        ByteText body = ByteText.copyOf(bytes, HELLO_HEADER_BYTES, length);
        in.stream.release();
        if (side == client && bytes[0] == 1) {
            ClientHello hello = ClientHello.read(body, true);
            if (hello != null) {
                clientHello = clientHello == null ? hello : clientHello;
                sink.onMessage(side, nanos, hello);
            }
        } else if (side != client && bytes[0] == 2) {
            serverHello = ServerHello.read(body, true);
            if (serverHello != null) {
                sink.onMessage(side, nanos, serverHello);
            }
        }
    }

    private void sumUp(long nanos, MessageSink<? super SessionMessage> sink) {
        if (!summed && (clientHello != null || serverHello != null)) {
            summed = true;
            sink.onMessage(client, nanos, new TlsHandshake(clientHello, serverHello, null));
        }
    }

    @Override
    public void onEnd(long timestampNanos, MessageSink<? super SessionMessage> sink) {
        sumUp(timestampNanos, sink);
    }

    @Override
    public long heldBytes() {
        return (long) sides[0].stream.heldBytes() + sides[1].stream.heldBytes();
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public void close() {
        sides[0].stream.release();
        sides[1].stream.release();
    }
}
