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
final class Conversation implements AutoCloseable {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 16;
    private static final int[] ISN = {-20, 1_000_000};

    final FlowTracker tracker;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment packet = arena.allocate(70_000);
    private final int[] sent = new int[2];
    long now = 1_700_000_000_000_000_000L;

    Conversation(StreamConsumerFactory factory) {
        this(factory, FlowListener.NONE, options -> options);
    }

    Conversation(
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
    }

    Conversation handshake() {
        packet(0, -1, 0, SYN, "");
        packet(1, -1, 0, SYN | ACK, "");
        return packet(0, 0, 0, ACK, "");
    }

    /** Payload at a stream offset of a side. */
    Conversation send(int side, int offset, String text) {
        return packet(side, offset, sent[side ^ 1], ACK, text);
    }

    Conversation fin(int side, int offset) {
        return packet(side, offset, sent[side ^ 1], FIN | ACK, "");
    }

    Conversation reset(int side, int offset) {
        return packet(side, offset, 0, RST, "");
    }

    /** A side acknowledges all bytes of the other before a stream offset. */
    Conversation acked(int side, int upTo) {
        return packet(side, sent[side], upTo, ACK, "");
    }

    Conversation pass(long nanos) {
        now += nanos;
        return this;
    }

    Conversation finish() {
        tracker.finish();
        return this;
    }

    /** A packet of a second connection, which only lets time and the table go on. */
    Conversation other(int flags) {
        return packet(0, 0, 0, flags, "", 50_000);
    }

    Conversation packet(int side, int offset, int ackUpTo, int flags, String text) {
        sent[side] = Math.max(sent[side], offset + text.length());
        return packet(side, offset, ackUpTo, flags, text, 40_000);
    }

    private Conversation packet(
            int side, int offset, int ackUpTo, int flags, String text, int port) {
        byte[] payload = text.getBytes(ISO_8859_1);
        int length = 40 + payload.length;
        ByteBuffer in = ByteBuffer.allocate(length);
        in.put((byte) 0x45).put((byte) 0).putShort((short) length).putInt(0);
        in.put((byte) 64).put((byte) 6).putShort((short) 0);
        in.putInt(side == 0 ? 0x0a00_0001 : 0x0a00_0002);
        in.putInt(side == 0 ? 0x0a00_0002 : 0x0a00_0001);
        in.putShort((short) (side == 0 ? port : 80)).putShort((short) (side == 0 ? 80 : port));
        in.putInt(ISN[side] + 1 + offset);
        in.putInt((flags & ACK) == 0 ? 0 : ISN[side ^ 1] + 1 + ackUpTo);
        in.put((byte) 0x50).put((byte) flags).putShort((short) 5_000).putInt(0).put(payload);
        MemorySegment.copy(in.array(), 0, packet, JAVA_BYTE, 3, length);
        tracker.track(packet, 3, length, length, now);
        return this;
    }

    @Override
    public void close() {
        tracker.close();
        arena.close();
    }
}
