package io.flowscope.tracker.model;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A packet as fields, which the model reads, and as bytes, which the tracker reads. */
public final class TestPacket {
    public static final int FIN = 1;
    public static final int SYN = 2;
    public static final int RST = 4;
    public static final int PSH = 8;
    public static final int ACK = 16;

    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ICMP = 1;
    public static final int ICMP6 = 58;

    /** One end of a flow: host number 1 to 250, version 4 or 6, port. */
    public record Endpoint(boolean six, int host, int port) implements Comparable<Endpoint> {
        public String address() {
            return six ? "2001:db8::" + Integer.toHexString(host) : "10.0.0." + host;
        }

        @Override
        public int compareTo(Endpoint other) {
            int order = Integer.compare(host, other.host);
            return order != 0 ? order : Integer.compare(port, other.port);
        }
    }

    public long time;
    public int protocol;
    public Endpoint from;
    public Endpoint to;
    public int sequence;
    public int acknowledgment;
    public int flags;
    public int window = 1000;
    public int payload;
    public long timestampValue = -1;
    public long timestampEcho;
    public int scale = -1;
    public int vlan = -1;
    public boolean vxlan;
    public int interfaceIndex = -1;
    public int icmpType = -1;
    public int icmpCode;
    public TestPacket quoted;
    public boolean garbage;

    public static TestPacket tcp(Endpoint from, Endpoint to, int flags) {
        TestPacket packet = new TestPacket();
        packet.protocol = TCP;
        packet.from = from;
        packet.to = to;
        packet.flags = flags;
        return packet;
    }

    public static TestPacket udp(Endpoint from, Endpoint to, int payload) {
        TestPacket packet = new TestPacket();
        packet.protocol = UDP;
        packet.from = from;
        packet.to = to;
        packet.payload = payload;
        return packet;
    }

    /** An ICMP error of the family of the packet that it quotes, or an echo request. */
    public static TestPacket icmp(Endpoint from, Endpoint to, int type, TestPacket quoted) {
        TestPacket packet = new TestPacket();
        packet.protocol = from.six() ? ICMP6 : ICMP;
        packet.from = new Endpoint(from.six(), from.host(), 0);
        packet.to = new Endpoint(to.six(), to.host(), 0);
        packet.icmpType = type;
        packet.icmpCode = 1;
        packet.quoted = quoted;
        return packet;
    }

    public TestPacket at(long nanos) {
        time = nanos;
        return this;
    }

    public TestPacket seq(int value) {
        sequence = value;
        return this;
    }

    public TestPacket ack(int value) {
        acknowledgment = value;
        flags |= ACK;
        return this;
    }

    public TestPacket data(int bytes) {
        payload = bytes;
        return this;
    }

    public TestPacket window(int value) {
        window = value;
        return this;
    }

    public TestPacket scale(int shift) {
        scale = shift;
        return this;
    }

    public TestPacket stamps(long value, long echo) {
        timestampValue = value;
        timestampEcho = echo;
        return this;
    }

    public TestPacket copy() {
        TestPacket copy = new TestPacket();
        copy.time = time;
        copy.protocol = protocol;
        copy.from = from;
        copy.to = to;
        copy.sequence = sequence;
        copy.acknowledgment = acknowledgment;
        copy.flags = flags;
        copy.window = window;
        copy.payload = payload;
        copy.timestampValue = timestampValue;
        copy.timestampEcho = timestampEcho;
        copy.scale = scale;
        copy.vlan = vlan;
        copy.vxlan = vxlan;
        copy.interfaceIndex = interfaceIndex;
        copy.icmpType = icmpType;
        copy.icmpCode = icmpCode;
        copy.quoted = quoted;
        copy.garbage = garbage;
        return copy;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The frame, Ethernet and all. */
    public byte[] bytes() {
        if (garbage) {
            return new byte[] {1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, (byte) 0x88, (byte) 0xcc, 0};
        }
        byte[] inner = ethernet(ip(), from.six());
        if (!vxlan) {
            return inner;
        }
        ByteBuffer udp = ByteBuffer.allocate(16 + inner.length);
        udp.putShort((short) 40000).putShort((short) 4789).putShort((short) (16 + inner.length));
        udp.putShort((short) 0).putInt(0x08000000).putInt(77 << 8).put(inner);
        Endpoint left = new Endpoint(false, 251, 0);
        Endpoint right = new Endpoint(false, 252, 0);
        return plainEthernet(ip(UDP, left, right, udp.array()), 0x0800);
    }

    private byte[] ethernet(byte[] ip, boolean six) {
        int type = six ? 0x86dd : 0x0800;
        if (vlan < 0) {
            return plainEthernet(ip, type);
        }
        ByteBuffer tag = ByteBuffer.allocate(4 + ip.length);
        tag.putShort((short) vlan).putShort((short) type).put(ip);
        return plainEthernet(tag.array(), 0x8100);
    }

    private static byte[] plainEthernet(byte[] payload, int type) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put(new byte[] {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}).putShort((short) type);
        return frame.put(payload).array();
    }

    byte[] ip() {
        return ip(protocol, from, to, transport());
    }

    private static byte[] ip(int protocol, Endpoint from, Endpoint to, byte[] payload) {
        ByteBuffer ip = ByteBuffer.allocate((from.six() ? 40 : 20) + payload.length);
        if (from.six()) {
            ip.putInt(0x60000000).putShort((short) payload.length);
            ip.put((byte) protocol).put((byte) 64);
            address6(ip, from);
            address6(ip, to);
        } else {
            ip.putShort((short) 0x4500).putShort((short) ip.capacity()).putInt(0x00004000);
            ip.put((byte) 64).put((byte) protocol).putShort((short) 0);
            ip.putInt(0x0a000000 | from.host()).putInt(0x0a000000 | to.host());
        }
        return ip.put(payload).array();
    }

    private static void address6(ByteBuffer into, Endpoint endpoint) {
        into.putLong(0x2001_0db8_0000_0000L).putLong(endpoint.host());
    }

    private byte[] transport() {
        return switch (protocol) {
            case TCP -> segment();
            case UDP -> {
                ByteBuffer udp = ByteBuffer.allocate(8 + payload);
                udp.putShort((short) from.port()).putShort((short) to.port());
                udp.putShort((short) (8 + payload)).putShort((short) 0);
                yield udp.array();
            }
            default -> {
                byte[] quote = quoted == null ? new byte[payload] : quoted.ip();
                ByteBuffer icmp = ByteBuffer.allocate(8 + quote.length);
                icmp.put((byte) icmpType).put((byte) icmpCode).putShort((short) 0).putInt(0);
                yield icmp.put(quote).array();
            }
        };
    }

    private byte[] segment() {
        List<Byte> options = new ArrayList<>();
        if (scale >= 0) {
            options.addAll(List.of((byte) 3, (byte) 3, (byte) scale, (byte) 1));
        }
        if (timestampValue >= 0) {
            options.addAll(List.of((byte) 1, (byte) 1, (byte) 8, (byte) 10));
            for (long number : new long[] {timestampValue, timestampEcho}) {
                for (int shift = 24; shift >= 0; shift -= 8) {
                    options.add((byte) (number >>> shift));
                }
            }
        }
        int header = 20 + options.size();
        ByteBuffer tcp = ByteBuffer.allocate(header + payload);
        tcp.putShort((short) from.port()).putShort((short) to.port());
        tcp.putInt(sequence).putInt(acknowledgment);
        tcp.put((byte) (header / 4 << 4)).put((byte) flags).putShort((short) window).putInt(0);
        options.forEach(tcp::put);
        return tcp.array();
    }

    /** Payload as the tracker counts it: behind the transport header, for ICMP behind 8 bytes. */
    public int payloadBytes() {
        return quoted == null ? payload : quoted.ip().length;
    }
}
