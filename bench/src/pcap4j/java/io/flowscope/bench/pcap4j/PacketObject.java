package io.flowscope.bench.pcap4j;

import org.pcap4j.packet.IpPacket;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.TcpPacket;
import org.pcap4j.packet.UdpPacket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads pcap4j's packet objects through their accessors. */
final class PacketObject {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private PacketObject() {}

    static void count(Packet packet, int length, long nowNanos, BareTable table) {
        IpPacket ip = packet.get(IpPacket.class);
        if (ip == null) {
            return;
        }
        int from = 0;
        int to = 0;
        if (ip.getPayload() instanceof TcpPacket tcp) {
            from = tcp.getHeader().getSrcPort().valueAsInt();
            to = tcp.getHeader().getDstPort().valueAsInt();
        } else if (ip.getPayload() instanceof UdpPacket udp) {
            from = udp.getHeader().getSrcPort().valueAsInt();
            to = udp.getHeader().getDstPort().valueAsInt();
        }
        byte[] a = ip.getHeader().getSrcAddr().getAddress();
        byte[] b = ip.getHeader().getDstAddr().getAddress();
        int protocol = ip.getHeader().getProtocol().value() & 0xff;
        boolean four = ip instanceof IpV4Packet;
        table.count(
                four ? 0 : (long) LONG.get(a, 0),
                four ? (int) INT.get(a, 0) & 0xffff_ffffL : (long) LONG.get(a, 8),
                four ? 0 : (long) LONG.get(b, 0),
                four ? (int) INT.get(b, 0) & 0xffff_ffffL : (long) LONG.get(b, 8),
                from,
                to,
                protocol,
                length,
                nowNanos);
    }
}
