package io.flowscope.capture.generate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Frames of several conversations, written one after the other and handed out in time order. */
final class FrameList {
    private static final int MOST_BYTES = 192 << 10;
    private static final int SCRATCH_BYTES = 16 << 10;

    /** One frame: where it is, and when it was captured. */
    record Frame(long offset, int length, long timestampNanos) {}

    private final MemorySegment memory;
    private final MemorySegment scratch;
    private final FrameWriter writer;
    private final List<Frame> frames = new ArrayList<>();
    private long end;

    /** Frames are written after the first bytes, which are left free. */
    FrameList(long leaveFree) {
        memory = Arena.ofAuto().allocate(leaveFree + MOST_BYTES, Long.BYTES);
        scratch = Arena.ofAuto().allocate(SCRATCH_BYTES, Long.BYTES);
        writer = new FrameWriter(memory, 0x1000);
        end = leaveFree;
    }

    MemorySegment memory() {
        return memory;
    }

    /** In time order; frames of the same time in the order in which they were written. */
    List<Frame> sorted() {
        return frames.stream().sorted(Comparator.comparingLong(Frame::timestampNanos)).toList();
    }

    void tcp(
            long micros,
            Addresses path,
            boolean fromB,
            int sequence,
            int acknowledgement,
            int flags,
            int window,
            byte[] options,
            byte[] data,
            int from,
            int length) {
        MemorySegment.copy(data, from, scratch, ValueLayout.JAVA_BYTE, 0, length);
        add(
                micros,
                writer.tcp(
                        end,
                        path,
                        fromB,
                        sequence,
                        acknowledgement,
                        flags,
                        window,
                        options,
                        scratch,
                        0,
                        length));
    }

    void udp(long micros, Addresses path, boolean fromB, byte[] data) {
        load(data);
        add(micros, writer.udp(end, path, fromB, scratch, 0, data.length));
    }

    void icmp(long micros, Addresses path, boolean fromB, byte[] message) {
        add(micros, writer.icmp(end, path, fromB, load(message)));
    }

    void fragment(
            long micros,
            Addresses path,
            int protocol,
            int id,
            int offset,
            boolean more,
            byte[] datagram,
            int length) {
        MemorySegment data = load(datagram);
        add(micros, writer.fragment(end, path, protocol, id, offset, more, data, offset, length));
    }

    void raw(long micros, long macTo, long macFrom, int type, byte[] content) {
        add(micros, writer.raw(end, macTo, macFrom, type, load(content)));
    }

    /** The first bytes of the frame written last, from its network header on. */
    byte[] lastPacket(int length) {
        Frame last = frames.getLast();
        return memory.asSlice(last.offset() + 14, length).toArray(ValueLayout.JAVA_BYTE);
    }

    int checksum(byte[] data) {
        return Checksum.finish(Checksum.sum(load(data), 0, data.length));
    }

    private MemorySegment load(byte[] data) {
        MemorySegment.copy(data, 0, scratch, ValueLayout.JAVA_BYTE, 0, data.length);
        return scratch.asSlice(0, data.length);
    }

    private void add(long micros, int length) {
        frames.add(new Frame(end, length, micros * 1_000));
        end += length;
    }
}
