package io.flowscope.tracker.packet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads small pcap and pcapng files into memory, as far as they are sound. */
public final class CaptureReader {
    /** One packet of a file. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Packet(byte[] bytes, int length, long timestampNanos, int linkType) {}

    private record Interface(int linkType, int snapLength, long ticksPerSecond) {}

    private final List<Packet> packets = new ArrayList<>();
    private final List<Interface> interfaces = new ArrayList<>();

    private CaptureReader() {}

    /** All whole packets up to the end or the first damage. */
    public static List<Packet> read(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        if (all.length > 2 && all[0] == 0x1f && all[1] == (byte) 0x8b) {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                all = in.readAllBytes();
            }
        }
        CaptureReader reader = new CaptureReader();
        try {
            reader.parse(ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN));
        } catch (BufferUnderflowException | IllegalArgumentException end) {
            // A damaged tail: what was read so far counts.
        }
        return reader.packets;
    }

    private void parse(ByteBuffer in) {
        int magic = in.getInt(0);
        switch (magic) {
            case 0xa1b2c3d4, 0xa1b23c4d -> classic(in, magic == 0xa1b23c4d ? 1 : 1000);
            case 0xd4c3b2a1, 0x4d3cb2a1 ->
                    classic(in.order(ByteOrder.BIG_ENDIAN), magic == 0x4d3cb2a1 ? 1 : 1000);
            case 0x0a0d0d0a -> blocks(in);
            default -> {}
        }
    }

    private void classic(ByteBuffer in, int nanosPerTick) {
        in.position(20);
        int linkType = in.getInt() & 0xffff;
        while (in.remaining() >= 16) {
            long seconds = in.getInt() & 0xffff_ffffL;
            long nanos = (in.getInt() & 0xffff_ffffL) * nanosPerTick;
            int captured = in.getInt();
            int length = in.getInt();
            add(in, captured, length, seconds * 1_000_000_000 + nanos, linkType);
        }
    }

    private void add(ByteBuffer in, int captured, int length, long nanos, int linkType) {
        if (captured < 0 || captured > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[captured];
        in.get(bytes);
        packets.add(new Packet(bytes, Math.max(length, captured), nanos, linkType));
    }

    private void blocks(ByteBuffer in) {
        while (in.remaining() >= 12) {
            int begin = in.position();
            int type = in.getInt();
            if (type == 0x0a0d0d0a) {
                boolean little = in.order(ByteOrder.LITTLE_ENDIAN).getInt(begin + 8) == 0x1a2b3c4d;
                in.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
                interfaces.clear();
            }
            int size = in.getInt();
            if (size < 12 || size > in.limit() - begin) {
                throw new BufferUnderflowException();
            }
            switch (type) {
                case 1 -> describe(in, begin + size - 4);
                case 3 -> simple(in, size);
                case 6 -> enhanced(in);
                default -> {}
            }
            in.position(begin + size);
        }
    }

    private void describe(ByteBuffer in, int end) {
        int linkType = in.getShort() & 0xffff;
        in.getShort();
        int snapLength = in.getInt();
        long ticks = 1_000_000;
        while (in.position() + 4 <= end) {
            int code = in.getShort() & 0xffff;
            int size = in.getShort() & 0xffff;
            int next = in.position() + (size + 3 & ~3);
            if (code == 9) {
                int resolution = in.get();
                ticks =
                        resolution < 0
                                ? 1L << (resolution & 0x3f)
                                : (long) Math.pow(10, Math.min(resolution, 9));
            }
            in.position(next);
        }
        interfaces.add(new Interface(linkType, snapLength, ticks));
    }

    private void simple(ByteBuffer in, int size) {
        int length = in.getInt();
        Interface from = interfaces.getFirst();
        int limit = from.snapLength == 0 ? Integer.MAX_VALUE : from.snapLength;
        add(in, Math.min(Math.min(length, limit), size - 16), length, 0, from.linkType);
    }

    private void enhanced(ByteBuffer in) {
        int number = in.getInt();
        long ticks = (long) in.getInt() << 32 | (in.getInt() & 0xffff_ffffL);
        int captured = in.getInt();
        int length = in.getInt();
        if (number < 0 || number >= interfaces.size()) {
            throw new BufferUnderflowException();
        }
        Interface from = interfaces.get(number);
        long seconds = ticks / from.ticksPerSecond;
        long rest = ticks % from.ticksPerSecond;
        long nanos = (long) (rest * (1e9 / from.ticksPerSecond));
        add(in, captured, length, seconds * 1_000_000_000 + nanos, from.linkType);
    }
}
