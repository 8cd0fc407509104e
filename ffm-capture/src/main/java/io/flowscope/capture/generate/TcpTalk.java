package io.flowscope.capture.generate;

import static io.flowscope.capture.generate.FrameWriter.ACK;
import static io.flowscope.capture.generate.FrameWriter.FIN;
import static io.flowscope.capture.generate.FrameWriter.PSH;
import static io.flowscope.capture.generate.FrameWriter.RST;
import static io.flowscope.capture.generate.FrameWriter.SYN;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One TCP connection as its client sees it: both sides take turns, what one side says is
 * acknowledged by the other, and time goes on by a round trip at each change of turn.
 */
final class TcpTalk {
    /** What goes wrong while a side speaks; it takes at least three segments to see it. */
    enum Trouble {
        NONE,
        /** The second segment is sent again after the retransmission timeout. */
        RETRANSMITTED,
        /** The first two segments come in the wrong order. */
        SWAPPED,
        /** The second segment comes only after duplicate acknowledgements asked for it. */
        LOST_AND_RECOVERED
    }

    private static final byte[] NOTHING = {};
    private static final int RETRANSMISSION_TIMEOUT_MICROS = 203_000;

    private final FrameList frames;
    private final Addresses path;
    private final SplitMix random;
    private final int roundTripMicros;
    private final int segmentBytes;
    private final int[] sequence;
    private final int clockA;
    private final int clockB;
    private final long start;
    private long now;

    /** Time stamps of the client that are on their way: when sent, and the stamp. */
    private final Deque<long[]> underway = new ArrayDeque<>();

    /** The newest time stamp of the client that the server had when it sent what is seen now. */
    private int serverHas;

    /** The newest time stamp of the server that was seen. */
    private int clientHas;

    TcpTalk(
            FrameList frames,
            Addresses path,
            SplitMix random,
            long startMicros,
            int roundTripMicros) {
        this.frames = frames;
        this.path = path;
        this.random = random;
        this.roundTripMicros = roundTripMicros;
        start = startMicros;
        now = startMicros;
        sequence = new int[] {(int) random.next(), (int) random.next()};
        clockA = (int) random.next();
        clockB = (int) random.next();
        segmentBytes = 1_448 - (path.ipv6 ? 20 : 0) - (path.vni == Addresses.NONE ? 0 : 50);
    }

    long now() {
        return now;
    }

    TcpTalk pause(int micros) {
        now += micros;
        return this;
    }

    TcpTalk open() {
        control(false, SYN);
        now += roundTripMicros;
        control(true, SYN | ACK);
        step();
        control(false, ACK);
        step();
        return this;
    }

    /** The server wants no connection. */
    TcpTalk refused() {
        control(false, SYN);
        now += roundTripMicros;
        control(true, RST | ACK);
        return this;
    }

    TcpTalk client(byte[] data) {
        return say(false, data, Trouble.NONE);
    }

    TcpTalk server(byte[] data) {
        return server(data, Trouble.NONE);
    }

    TcpTalk server(byte[] data, Trouble trouble) {
        now += random.between(500, 4_000);
        return say(true, data, trouble);
    }

    TcpTalk close() {
        control(false, FIN | ACK);
        now += roundTripMicros;
        control(true, FIN | ACK);
        step();
        control(false, ACK);
        return this;
    }

    TcpTalk reset() {
        control(false, RST | ACK);
        return this;
    }

    private TcpTalk say(boolean fromB, byte[] data, Trouble trouble) {
        int first = sequence[fromB ? 1 : 0];
        if (trouble == Trouble.SWAPPED) {
            segment(fromB, first, data, segmentBytes);
            segment(fromB, first, data, 0);
        } else {
            segment(fromB, first, data, 0);
            if (data.length > segmentBytes && trouble != Trouble.LOST_AND_RECOVERED) {
                segment(fromB, first, data, segmentBytes);
            }
        }
        for (int at = 2 * segmentBytes; at < data.length; at += segmentBytes) {
            segment(fromB, first, data, at);
            if (trouble == Trouble.LOST_AND_RECOVERED) {
                acknowledge(!fromB, first + segmentBytes);
            } else if (at / segmentBytes % 2 == 1) {
                acknowledge(!fromB, first + Math.min(at + segmentBytes, data.length));
            }
        }
        if (trouble == Trouble.LOST_AND_RECOVERED) {
            now += roundTripMicros;
            segment(fromB, first, data, segmentBytes);
        }
        sequence[fromB ? 1 : 0] = first + data.length;
        if (!fromB) {
            now += roundTripMicros;
        }
        acknowledge(!fromB, first + data.length);
        if (trouble == Trouble.RETRANSMITTED) {
            now += RETRANSMISSION_TIMEOUT_MICROS;
            segment(fromB, first, data, segmentBytes);
            acknowledge(!fromB, first + data.length);
        }
        return this;
    }

    private void segment(boolean fromB, int first, byte[] data, int at) {
        int length = Math.min(segmentBytes, data.length - at);
        boolean last = at + length == data.length;
        int flags = last ? PSH | ACK : ACK;
        frames.tcp(
                now,
                path,
                fromB,
                first + at,
                sequence[fromB ? 0 : 1],
                flags,
                501,
                stamps(fromB),
                data,
                at,
                length);
        step();
    }

    private void acknowledge(boolean fromB, int upTo) {
        int own = sequence[fromB ? 1 : 0];
        frames.tcp(now, path, fromB, own, upTo, ACK, 501, stamps(fromB), NOTHING, 0, 0);
        step();
    }

    private void control(boolean fromB, int flags) {
        int own = fromB ? 1 : 0;
        boolean first = (flags & SYN) != 0;
        boolean refusal = flags == (RST | ACK) && fromB;
        frames.tcp(
                now,
                path,
                fromB,
                refusal ? 0 : sequence[own],
                (flags & ACK) == 0 ? 0 : sequence[1 - own],
                flags,
                (flags & RST) != 0 ? 0 : first ? 64_240 : 501,
                (flags & RST) != 0 ? NOTHING : first ? greeting(fromB) : stamps(fromB),
                NOTHING,
                0,
                0);
        if ((flags & (SYN | FIN)) != 0) {
            sequence[own]++;
        }
    }

    /** Maximum segment size, selective acknowledgement, time stamps, window scale 7. */
    private byte[] greeting(boolean fromB) {
        int size = segmentBytes + 12;
        var greeting = new Bytes().u32(0x0204_0000L | size).u16(0x0402).u16(0x080A);
        return stampAndEcho(greeting, fromB).u32(0x0103_0307).done();
    }

    private byte[] stamps(boolean fromB) {
        return stampAndEcho(new Bytes().u32(0x0101_080A), fromB).done();
    }

    private Bytes stampAndEcho(Bytes to, boolean fromB) {
        int stamp = (fromB ? clockB : clockA) + (int) ((now - start) / 1_000);
        to.u32(stamp).u32(fromB ? serversEcho() : clientHas);
        if (fromB) {
            clientHas = stamp;
        } else {
            underway.add(new long[] {now, stamp});
        }
        return to;
    }

    /** What the server sends is seen a round trip after the client's segment that caused it. */
    private int serversEcho() {
        while (!underway.isEmpty() && underway.element()[0] + roundTripMicros <= now) {
            serverHas = (int) underway.remove()[1];
        }
        return serverHas;
    }

    private void step() {
        now += random.between(8, 90);
    }
}
