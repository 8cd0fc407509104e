package io.flowscope.tracker.packet;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/** Builds packets from the inside out; every method wraps what it is given. */
public final class Packets {
    private Packets() {}

    /** Bytes from numbers of one, two, four or eight digits and from arrays. */
    public static byte[] bytes(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            byte[] some =
                    part instanceof byte[] array
                            ? array
                            : HexFormat.of().parseHex(((String) part).replace(" ", ""));
            out.writeBytes(some);
        }
        return out.toByteArray();
    }

    static byte[] u16(int value) {
        return new byte[] {(byte) (value >>> 8), (byte) value};
    }

    static byte[] u32(long value) {
        return bytes(u16((int) (value >>> 16)), u16((int) value));
    }

    static byte[] text(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    public static byte[] ethernet(int type, byte[] payload) {
        return bytes("020000000001 020000000002", u16(type), payload);
    }

    static byte[] vlan(int id, int type, byte[] payload) {
        return bytes(u16(id), u16(type), payload);
    }

    public static byte[] ipv4(int protocol, String source, String destination, byte[] payload) {
        return ipv4(protocol, source, destination, new byte[0], 0, 0, payload);
    }

    /** With options, identification, and the 16 bits of flags and offset. */
    public static byte[] ipv4(
            int protocol,
            String source,
            String destination,
            byte[] options,
            int id,
            int fragment,
            byte[] payload) {
        int header = 20 + options.length;
        return bytes(
                new byte[] {(byte) (0x40 | header / 4), 0x10},
                u16(header + payload.length),
                u16(id),
                u16(fragment),
                new byte[] {64, (byte) protocol},
                "0000",
                source,
                destination,
                options,
                payload);
    }

    public static byte[] ipv6(int next, String source, String destination, byte[] payload) {
        return bytes(
                "6012 3456",
                u16(payload.length),
                new byte[] {(byte) next, 63},
                source,
                destination,
                payload);
    }

    /** Hop-by-hop, routing or destination options of eight bytes. */
    static byte[] extension(int next, byte[] payload) {
        return bytes(new byte[] {(byte) next, 0}, "010400000000", payload);
    }

    public static byte[] fragmentHeader(int next, int offset, boolean more, int id, byte[] part) {
        return bytes(new byte[] {(byte) next, 0}, u16(offset | (more ? 1 : 0)), u32(id), part);
    }

    static byte[] authentication(int next, byte[] payload) {
        return bytes(new byte[] {(byte) next, 4}, "0000 00000001 00000002", new byte[12], payload);
    }

    public static byte[] udp(int source, int destination, byte[] payload) {
        return bytes(u16(source), u16(destination), u16(8 + payload.length), "0000", payload);
    }

    public static byte[] tcp(int source, int destination, int flags, byte[] options, byte[] data) {
        int words = 5 + options.length / 4;
        return bytes(
                u16(source),
                u16(destination),
                "01020304 05060708",
                new byte[] {(byte) (words << 4), (byte) flags},
                "2000 0000 0000",
                options,
                data);
    }

    static byte[] sctp(int source, int destination, byte[] payload) {
        return bytes(u16(source), u16(destination), "11223344 00000000", payload);
    }

    static byte[] mpls(int label, boolean bottom, byte[] payload) {
        return bytes(u32((long) label << 12 | (bottom ? 0x100 : 0) | 64), payload);
    }

    static byte[] ppp(int protocol, byte[] payload) {
        return bytes(u16(protocol), payload);
    }

    static byte[] pppoe(int session, byte[] ppp) {
        return bytes("1100", u16(session), u16(ppp.length), ppp);
    }

    static byte[] gre(int type, byte[] payload) {
        return bytes("0000", u16(type), payload);
    }

    static byte[] greKeyed(int type, long key, byte[] payload) {
        return bytes("2000", u16(type), u32(key), payload);
    }

    static byte[] vxlan(int network, byte[] ethernet) {
        return bytes("08000000", u32((long) network << 8), ethernet);
    }

    static byte[] geneve(int network, byte[] options, int type, byte[] payload) {
        return bytes(
                new byte[] {(byte) (options.length / 4), 0},
                u16(type),
                u32((long) network << 8),
                options,
                payload);
    }

    static byte[] gtp(long tunnel, byte[] ip) {
        return bytes("30ff", u16(ip.length), u32(tunnel), ip);
    }

    /** With a sequence number and one extension header of eight bytes. */
    static byte[] gtpExtended(long tunnel, byte[] ip) {
        return bytes(
                "36ff", u16(ip.length + 12), u32(tunnel), "0001 00 85", "02 0000000000 00 00", ip);
    }

    static byte[] snap(int type, byte[] payload) {
        return bytes("aaaa03 000000", u16(type), payload);
    }

    /** The bytes in memory of exactly their size: reading further throws. */
    public static MemorySegment exact(Arena arena, byte[] bytes) {
        MemorySegment memory = arena.allocate(bytes.length);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory;
    }
}
