package io.flowscope.tracker.stream;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.packet.LinkType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;

/** One TCP connection as raw IPv4 packets through a whole tracker, in terms of stream offsets. */
public final class Conversation implements AutoCloseable {
    public static final int FIN = 1;
    public static final int SYN = 2;
    public static final int RST = 4;
    public static final int ACK = 16;
    private static final int[] ISN = {-20, 1_000_000};

    public final FlowTracker tracker;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment packet = arena.allocate(70_000);
    private final boolean own;
    private final int[] sent = new int[2];
    public long now = 1_700_000_000_000_000_000L;

    public Conversation(StreamConsumerFactory factory) {
        this(factory, FlowListener.NONE, options -> options);
    }

    public Conversation(
            StreamConsumerFactory factory,
            FlowListener listener,
            UnaryOperator<TrackerOptions.Builder> more) {
        TrackerOptions.Builder options =
                TrackerOptions.builder()
                        .linkType(LinkType.RAW.number())
                        .maxFlows(64)
                        .anomalies(true)
                        .streams(factory);
        tracker = new FlowTracker(more.apply(options).build(), listener);
        own = true;
    }

    private Conversation(FlowTracker tracker) {
        this.tracker = tracker;
        own = false;
    }

    /** Through somebody else's tracker, which takes raw IP packets. */
    public static Conversation over(FlowTracker tracker) {
        return new Conversation(tracker);
    }

    public Conversation handshake() {
        packet(0, -1, 0, SYN, "");
        packet(1, -1, 0, SYN | ACK, "");
        return packet(0, 0, 0, ACK, "");
    }

    /** Payload at a stream offset of a side. */
    public Conversation send(int side, int offset, String text) {
        return packet(side, offset, sent[side ^ 1], ACK, text);
    }

    public Conversation fin(int side, int offset) {
        return packet(side, offset, sent[side ^ 1], FIN | ACK, "");
    }

    public Conversation reset(int side, int offset) {
        return packet(side, offset, 0, RST, "");
    }

    /** A side acknowledges all bytes of the other before a stream offset. */
    public Conversation acked(int side, int upTo) {
        return packet(side, sent[side], upTo, ACK, "");
    }

    public Conversation pass(long nanos) {
        now += nanos;
        return this;
    }

    public Conversation finish() {
        tracker.finish();
        return this;
    }

    /** A packet of a second connection, which only lets time and the table go on. */
    public Conversation other(int flags) {
        return packet(0, 0, 0, flags, "", 50_000);
    }

    public Conversation packet(int side, int offset, int ackUpTo, int flags, String text) {
        sent[side] = Math.max(sent[side], offset + text.length());
        return packet(side, offset, ackUpTo, flags, text, 40_000);
    }

    /** A datagram between a client's port 40000 and a server's. */
    public Conversation datagram(int side, int serverPort, String text) {
        byte[] payload = text.getBytes(ISO_8859_1);
        int length = 28 + payload.length;
        ByteBuffer in = header(side, 17, length);
        in.putShort((short) (side == 0 ? 40_000 : serverPort));
        in.putShort((short) (side == 0 ? serverPort : 40_000));
        in.putShort((short) (8 + payload.length)).putShort((short) 0).put(payload);
        return track(in.array());
    }

    private static ByteBuffer header(int side, int protocol, int length) {
        ByteBuffer in = ByteBuffer.allocate(length);
        in.put((byte) 0x45).put((byte) 0).putShort((short) length).putInt(0);
        in.put((byte) 64).put((byte) protocol).putShort((short) 0);
        in.putInt(side == 0 ? 0x0a00_0001 : 0x0a00_0002);
        in.putInt(side == 0 ? 0x0a00_0002 : 0x0a00_0001);
        return in;
    }

    private Conversation track(byte[] bytes) {
        MemorySegment.copy(bytes, 0, packet, JAVA_BYTE, 3, bytes.length);
        tracker.track(packet, 3, bytes.length, bytes.length, now);
        return this;
    }

    private Conversation packet(
            int side, int offset, int ackUpTo, int flags, String text, int port) {
        byte[] payload = text.getBytes(ISO_8859_1);
        ByteBuffer in = header(side, 6, 40 + payload.length);
        in.putShort((short) (side == 0 ? port : 80)).putShort((short) (side == 0 ? 80 : port));
        in.putInt(ISN[side] + 1 + offset);
        in.putInt((flags & ACK) == 0 ? 0 : ISN[side ^ 1] + 1 + ackUpTo);
        in.put((byte) 0x50).put((byte) flags).putShort((short) 5_000).putInt(0).put(payload);
        return track(in.array());
    }

    @Override
    public void close() {
        if (own) {
            tracker.close();
        }
        arena.close();
    }
}
