package io.flowscope.capture;

import java.nio.ByteBuffer;

/**
 * Frames with a piece of a TCP connection, its acknowledgments included, so that the kernel's
 * receive offload takes them for what it may merge.
 */
final class TcpFrames {
    private static final int IP = 14;
    private static final int TCP = 34;
    private static final int PAYLOAD = 54;

    /** What stands before a frame whose sender leaves work to the hardware. */
    private static final int VIRTIO_BYTES = 10;

    private static final byte NEEDS_CHECKSUM = 1;
    private static final byte SEGMENT_TCP4 = 1;
    private static final int CHECKSUM_IN_TCP = 16;

    private TcpFrames() {}

    /** With all checksums right. */
    static byte[] frame(int sourcePort, int sequence, int payloadBytes) {
        byte[] frame = new byte[PAYLOAD + payloadBytes];
        ByteBuffer fields = fill(frame, sourcePort, sequence);
        fields.putShort(TCP + CHECKSUM_IN_TCP, (short) ~sum(frame, TCP, pseudoHeader(frame)));
        return frame;
    }

    /**
     * The same behind a header that asks for the TCP checksum to be filled in.
     *
     * @param segmentBytes and for this to be cut into segments of that much payload; 0: not
     */
    static byte[] leftToHardware(int sourcePort, int sequence, int payloadBytes, int segmentBytes) {
        byte[] frame = new byte[PAYLOAD + payloadBytes];
        ByteBuffer fields = fill(frame, sourcePort, sequence);
        // The hardware goes on from the sum of what is not in the segment.
        fields.putShort(TCP + CHECKSUM_IN_TCP, (short) fold(pseudoHeader(frame)));
        ByteBuffer virtio =
                ByteBuffer.allocate(VIRTIO_BYTES + frame.length)
                        .order(java.nio.ByteOrder.nativeOrder())
                        .put(NEEDS_CHECKSUM)
                        .put(segmentBytes > 0 ? SEGMENT_TCP4 : 0)
                        .putShort((short) (segmentBytes > 0 ? PAYLOAD : 0))
                        .putShort((short) segmentBytes)
                        .putShort((short) TCP)
                        .putShort((short) CHECKSUM_IN_TCP)
                        .put(frame);
        return virtio.array();
    }

    private static ByteBuffer fill(byte[] frame, int sourcePort, int sequence) {
        ByteBuffer fields = ByteBuffer.wrap(frame);
        fields.putLong(0, 0x0209_0909_0909_0200L).putInt(8, 1).putShort(12, (short) 0x0800);
        fields.putShort(IP, (short) 0x4500).putShort(IP + 2, (short) (frame.length - IP));
        fields.putInt(IP + 4, 0x0001_4000).putShort(IP + 8, (short) 0x4006);
        fields.putInt(IP + 12, 0xc612_4d02).putInt(IP + 16, 0xc612_4d01);
        ByteBuffer header = fields.slice(IP, TCP - IP);
        byte[] bytes = new byte[TCP - IP];
        header.get(0, bytes);
        fields.putShort(IP + 10, (short) ~sum(bytes, 0, 0));
        fields.putShort(TCP, (short) sourcePort).putShort(TCP + 2, (short) 5000);
        fields.putInt(TCP + 4, sequence).putInt(TCP + 8, 77);
        fields.putShort(TCP + 12, (short) 0x5010).putShort(TCP + 14, (short) 8192);
        for (int i = PAYLOAD; i < frame.length; i++) {
            frame[i] = (byte) i;
        }
        return fields;
    }

    /** Addresses, protocol and length of the segment. */
    private static long pseudoHeader(byte[] frame) {
        long sum = 6 + frame.length - TCP;
        for (int i = IP + 12; i < TCP; i += 2) {
            sum += (frame[i] & 0xff) << 8 | frame[i + 1] & 0xff;
        }
        return sum;
    }

    private static int sum(byte[] bytes, int from, long begin) {
        long sum = begin;
        for (int i = from; i < bytes.length; i++) {
            sum += (i - from) % 2 == 0 ? (bytes[i] & 0xff) << 8 : bytes[i] & 0xff;
        }
        return fold(sum);
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) folded;
    }
}
