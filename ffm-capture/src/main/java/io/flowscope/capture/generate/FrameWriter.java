package io.flowscope.capture.generate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Lays out whole Ethernet frames, with lengths and checksums, at a place in one segment.
 *
 * <pre>
 *   Ethernet [802.1ad] [802.1Q] { IPv4 UDP VXLAN Ethernet } IPv4|IPv6 TCP|UDP|ICMP payload [pad to 60]
 *                               ^ only with a tunnel
 * </pre>
 */
final class FrameWriter {
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMP = 1;
    static final int ICMP6 = 58;

    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;

    /** Room that a frame needs besides its payload, padding and TCP options included. */
    static final int MOST_HEADER_BYTES = 192;

    static final int LEAST_FRAME_BYTES = 60;

    private static final ByteOrder NETWORK = ByteOrder.BIG_ENDIAN;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(NETWORK);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(NETWORK);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(NETWORK);
    private static final byte[] NO_OPTIONS = {};

    private final MemorySegment memory;

    /** IPv4 identification; goes up by one per packet. */
    private int identification;

    FrameWriter(MemorySegment memory, int firstIdentification) {
        this.memory = memory;
        this.identification = firstIdentification;
    }

    int tcp(
            long at,
            Addresses path,
            boolean fromB,
            int sequence,
            int acknowledgement,
            int flags,
            int window,
            MemorySegment payload,
            long payloadAt,
            int payloadLength) {
        return tcp(
                at,
                path,
                fromB,
                sequence,
                acknowledgement,
                flags,
                window,
                NO_OPTIONS,
                payload,
                payloadAt,
                payloadLength);
    }

    /** Writes one TCP segment. @return the length of the frame */
    int tcp(
            long at,
            Addresses path,
            boolean fromB,
            int sequence,
            int acknowledgement,
            int flags,
            int window,
            byte[] options,
            MemorySegment payload,
            long payloadAt,
            int payloadLength) {
        int header = 20 + options.length;
        int total = header + payloadLength;
        long t = network(at, path, fromB, TCP, total, 0x4000);
        ports(t, path, fromB);
        memory.set(INT, t + 4, sequence);
        memory.set(INT, t + 8, acknowledgement);
        memory.set(SHORT, t + 12, (short) (header << 10 | flags));
        memory.set(SHORT, t + 14, (short) window);
        memory.set(INT, t + 16, 0);
        if (options.length > 0) {
            MemorySegment.copy(options, 0, memory, ValueLayout.JAVA_BYTE, t + 20, options.length);
        }
        MemorySegment.copy(payload, payloadAt, memory, t + header, payloadLength);
        memory.set(SHORT, t + 16, (short) transportChecksum(t, path, TCP, total));
        return pad(at, t + total);
    }

    /** Writes one UDP datagram. @return the length of the frame */
    int udp(
            long at,
            Addresses path,
            boolean fromB,
            MemorySegment payload,
            long payloadAt,
            int payloadLength) {
        int total = 8 + payloadLength;
        long t = network(at, path, fromB, UDP, total, 0x4000);
        ports(t, path, fromB);
        memory.set(INT, t + 4, total << 16);
        MemorySegment.copy(payload, payloadAt, memory, t + 8, payloadLength);
        int checksum = transportChecksum(t, path, UDP, total);
        memory.set(SHORT, t + 6, (short) (checksum == 0 ? 0xFFFF : checksum));
        return pad(at, t + total);
    }

    /** Writes one ICMP or ICMPv6 message, whose first two bytes are type and code. */
    int icmp(long at, Addresses path, boolean fromB, MemorySegment message) {
        int total = (int) message.byteSize();
        int protocol = path.ipv6 ? ICMP6 : ICMP;
        long t = network(at, path, fromB, protocol, total, 0);
        MemorySegment.copy(message, 0, memory, t, total);
        memory.set(SHORT, t + 2, (short) 0);
        int checksum =
                path.ipv6
                        ? transportChecksum(t, path, protocol, total)
                        : Checksum.finish(Checksum.sum(memory, t, total));
        memory.set(SHORT, t + 2, (short) checksum);
        return pad(at, t + total);
    }

    /** Writes a piece of an IPv4 datagram; both pieces of one datagram share an identification. */
    int fragment(
            long at,
            Addresses path,
            int protocol,
            int id,
            int offset,
            boolean more,
            MemorySegment data,
            int dataAt,
            int length) {
        identification = id;
        int field = (more ? 0x2000 : 0) | offset >> 3;
        long t = network(at, path, false, protocol, length, field);
        MemorySegment.copy(data, dataAt, memory, t, length);
        return pad(at, t + length);
    }

    /** Writes an Ethernet frame whose content is given, such as ARP. */
    int raw(long at, long macTo, long macFrom, int type, MemorySegment content) {
        long p = ethernet(at, macTo, macFrom, type);
        MemorySegment.copy(content, 0, memory, p, content.byteSize());
        return pad(at, p + content.byteSize());
    }

    private long network(
            long at, Addresses path, boolean fromB, int protocol, int length, int fragmentField) {
        long macTo = fromB ? path.macA : path.macB;
        long macFrom = fromB ? path.macB : path.macA;
        int type = path.ipv6 ? 0x86DD : 0x0800;
        int ipLength = length + (path.ipv6 ? 40 : 20);
        long p = at;
        if (path.vni != Addresses.NONE) {
            p = tunnel(p, path, fromB, 14 + ipLength);
            p = ethernet(p, macTo, macFrom, type);
        } else {
            p = tagged(p, path, macTo, macFrom, type);
        }
        return path.ipv6
                ? ipv6(p, path, fromB, protocol, length)
                : ipv4(
                        p,
                        (int) (fromB ? path.lowB : path.lowA),
                        (int) (fromB ? path.lowA : path.lowB),
                        protocol,
                        ipLength,
                        fragmentField);
    }

    private long tunnel(long at, Addresses path, boolean fromB, int innerLength) {
        int udpLength = 16 + innerLength;
        int from = fromB ? path.tunnelB : path.tunnelA;
        int to = fromB ? path.tunnelA : path.tunnelB;
        long p = tagged(at, path, Addresses.macOf(to), Addresses.macOf(from), 0x0800);
        p = ipv4(p, from, to, UDP, 20 + udpLength, 0x4000);
        memory.set(INT, p, path.tunnelPort << 16 | 4789);
        memory.set(INT, p + 4, udpLength << 16);
        memory.set(INT, p + 8, 0x0800_0000);
        memory.set(INT, p + 12, path.vni << 8);
        return p + 16;
    }

    private long tagged(long at, Addresses path, long macTo, long macFrom, int type) {
        if (path.outerTag == Addresses.NONE) {
            return ethernet(at, macTo, macFrom, type);
        }
        boolean twice = path.innerTag != Addresses.NONE;
        long p = ethernet(at, macTo, macFrom, twice ? 0x88A8 : 0x8100);
        if (twice) {
            memory.set(INT, p, path.outerTag << 16 | 0x8100);
            p += 4;
        }
        memory.set(INT, p, (twice ? path.innerTag : path.outerTag) << 16 | type);
        return p + 4;
    }

    private long ethernet(long at, long macTo, long macFrom, int type) {
        memory.set(LONG, at, macTo << 16 | macFrom >>> 32);
        memory.set(INT, at + 8, (int) macFrom);
        memory.set(SHORT, at + 12, (short) type);
        return at + 14;
    }

    private long ipv4(long at, int from, int to, int protocol, int total, int fragmentField) {
        int id = identification++ & 0xFFFF;
        int sum =
                0x4500
                        + total
                        + id
                        + fragmentField
                        + (64 << 8 | protocol)
                        + (from >>> 16)
                        + (from & 0xFFFF)
                        + (to >>> 16)
                        + (to & 0xFFFF);
        memory.set(INT, at, 0x4500_0000 | total);
        memory.set(INT, at + 4, id << 16 | fragmentField);
        memory.set(INT, at + 8, (64 << 8 | protocol) << 16 | Checksum.finish(sum));
        memory.set(INT, at + 12, from);
        memory.set(INT, at + 16, to);
        return at + 20;
    }

    private long ipv6(long at, Addresses path, boolean fromB, int protocol, int length) {
        // Neighbour discovery is only believed with a hop limit of 255.
        memory.set(INT, at, 0x6000_0000);
        memory.set(INT, at + 4, length << 16 | protocol << 8 | (protocol == ICMP6 ? 255 : 64));
        memory.set(LONG, at + 8, fromB ? path.highB : path.highA);
        memory.set(LONG, at + 16, fromB ? path.lowB : path.lowA);
        memory.set(LONG, at + 24, fromB ? path.highA : path.highB);
        memory.set(LONG, at + 32, fromB ? path.lowA : path.lowB);
        return at + 40;
    }

    private void ports(long at, Addresses path, boolean fromB) {
        int from = fromB ? path.portB : path.portA;
        int to = fromB ? path.portA : path.portB;
        memory.set(INT, at, from << 16 | to);
    }

    private int transportChecksum(long at, Addresses path, int protocol, int length) {
        long sum = Checksum.sum(memory, at, length);
        sum += Checksum.words(path.lowA) + Checksum.words(path.lowB) + protocol + length;
        if (path.ipv6) {
            sum += Checksum.words(path.highA) + Checksum.words(path.highB);
        }
        return Checksum.finish(sum);
    }

    private int pad(long at, long end) {
        long least = at + LEAST_FRAME_BYTES;
        if (end >= least) {
            return (int) (end - at);
        }
        for (long p = end; p < least; p++) {
            memory.set(ValueLayout.JAVA_BYTE, p, (byte) 0);
        }
        return LEAST_FRAME_BYTES;
    }
}
