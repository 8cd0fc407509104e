package io.flowscope.capture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * pcapng in the machine's byte order, nanoseconds on every interface; see {@link PcapngBlocks}. An
 * interface is described when its first packet comes: each pair of an interface number and a link
 * type of the descriptors is one.
 */
final class PcapngLayout implements RecordLayout {
    private static final int SECTION_HEADER = 0x0A0D0D0A;
    private static final int BYTE_ORDER_MARK = 0x1A2B3C4D;
    private static final int INTERFACE = 1;
    private static final int STATISTICS = 5;
    private static final int ENHANCED_PACKET = 6;
    private static final int PACKET_FIXED_BYTES = 32;
    private static final int FLAGS_BYTES = 12;
    private static final int MOST_INTERFACES = 65_536;
    private static final int MOST_NAME_BYTES = 256;

    private final CaptureWriterOptions options;

    /** Interface number and link type of each interface of the file. */
    private long[] keys = new long[8];

    private int interfaces;

    PcapngLayout(CaptureWriterOptions options) {
        this.options = options;
    }

    @Override
    public void begin(WriteBuffer out, int linkType) throws IOException {
        interfaces = 0;
        byte[] application = text(options.application());
        int optionBytes = application.length == 0 ? 0 : 4 + padded(application.length) + 4;
        int total = 28 + optionBytes;
        out.ensure(total);
        out.putInt(SECTION_HEADER);
        out.putInt(total);
        out.putInt(BYTE_ORDER_MARK);
        out.putShort(1);
        out.putShort(0);
        out.putInt(-1);
        out.putInt(-1);
        if (optionBytes > 0) {
            option(out, 4, application);
            out.putInt(0);
        }
        out.putInt(total);
    }

    @Override
    public void empty(WriteBuffer out, int linkType) throws IOException {
        describe(out, -1, linkType);
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MOST_NAME_BYTES ? bytes : Arrays.copyOf(bytes, MOST_NAME_BYTES);
    }

    private static int padded(int length) {
        return (length + 3) & ~3;
    }

    private static void option(WriteBuffer out, int code, byte[] value) throws IOException {
        out.putShort(code);
        out.putShort(value.length);
        out.put(value);
        pad(out, value.length);
    }

    private static void pad(WriteBuffer out, int length) {
        for (int i = length; (i & 3) != 0; i++) {
            out.putByte(0);
        }
    }

    @Override
    public int recordBytes(Frame frame) {
        return PACKET_FIXED_BYTES + padded(frame.captured) + FLAGS_BYTES;
    }

    @Override
    public void packet(WriteBuffer out, Frame frame) throws IOException {
        int number = number(out, frame.interfaceNumber, frame.linkType);
        int flags = flags(frame.direction);
        int total = PACKET_FIXED_BYTES + padded(frame.captured) + (flags == 0 ? 0 : FLAGS_BYTES);
        out.ensure(PACKET_FIXED_BYTES);
        out.putInt(ENHANCED_PACKET);
        out.putInt(total);
        out.putInt(number);
        out.putInt((int) (frame.timestampNanos >>> 32));
        out.putInt((int) frame.timestampNanos);
        out.putInt(frame.captured);
        out.putInt(frame.length);
        frame.put(out);
        out.ensure(4 + FLAGS_BYTES + 4);
        pad(out, frame.captured);
        if (flags != 0) {
            out.putShort(2);
            out.putShort(4);
            out.putInt(flags);
            out.putInt(0);
        }
        out.putInt(total);
    }

    private static int flags(int direction) {
        return switch (direction) {
            case PacketDescriptor.DIRECTION_IN -> 1 | 1 << 2;
            case PacketDescriptor.DIRECTION_MULTICAST -> 1 | 2 << 2;
            case PacketDescriptor.DIRECTION_BROADCAST -> 1 | 3 << 2;
            case PacketDescriptor.DIRECTION_OTHER_HOST -> 1 | 4 << 2;
            case PacketDescriptor.DIRECTION_OUT -> 2;
            default -> 0;
        };
    }

    private int number(WriteBuffer out, int interfaceNumber, int linkType) throws IOException {
        long key = (long) interfaceNumber << 16 | linkType;
        for (int i = 0; i < interfaces; i++) {
            if (keys[i] == key) {
                return i;
            }
        }
        if (interfaces == MOST_INTERFACES) {
            throw new CaptureException("more than " + MOST_INTERFACES + " interfaces in one file");
        }
        if (interfaces == keys.length) {
            keys = Arrays.copyOf(keys, 2 * interfaces);
        }
        keys[interfaces] = key;
        describe(out, interfaceNumber, linkType);
        return interfaces++;
    }

    private void describe(WriteBuffer out, int interfaceNumber, int linkType) throws IOException {
        byte[] name =
                text(interfaceNumber < 0 ? "" : options.interfaceNames().apply(interfaceNumber));
        int nameBytes = name.length == 0 ? 0 : 4 + padded(name.length);
        int total = 20 + nameBytes + 8 + 4;
        out.ensure(total);
        out.putInt(INTERFACE);
        out.putInt(total);
        out.putShort(linkType);
        out.putShort(0);
        out.putInt(options.snapLength());
        if (nameBytes > 0) {
            option(out, 2, name);
        }
        option(out, 9, new byte[] {9});
        out.putInt(0);
        out.putInt(total);
    }

    @Override
    public void statistics(
            WriteBuffer out, int interfaceNumber, CaptureStatistics counters, long timestamp)
            throws IOException {
        for (int i = 0; i < interfaces; i++) {
            if ((int) (keys[i] >> 16) == interfaceNumber) {
                block(out, i, counters, timestamp);
                return;
            }
        }
    }

    private static void block(
            WriteBuffer out, int number, CaptureStatistics counters, long timestamp)
            throws IOException {
        int total = 24 + 2 * 12 + 4;
        out.ensure(total);
        out.putInt(STATISTICS);
        out.putInt(total);
        out.putInt(number);
        out.putInt((int) (timestamp >>> 32));
        out.putInt((int) timestamp);
        counter(out, 4, counters.packets());
        counter(out, 7, counters.drops());
        out.putInt(0);
        out.putInt(total);
    }

    private static void counter(WriteBuffer out, int code, long value) {
        out.putShort(code);
        out.putShort(8);
        out.putLong(value);
    }
}
