package io.flowscope.bench.pcap4j;

import io.flowscope.bench.pass.Pass;

import org.pcap4j.core.PacketListener;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.Pcaps;
import org.pcap4j.core.RawPacketListener;
import org.pcap4j.packet.Packet;

import java.sql.Timestamp;

/**
 * Counts the flows of a file with pcap4j and a bare table, again and again.
 *
 * <pre>
 *   Pcap4jPasses FILE PASSES loop-raw|loop-packets|next-raw|next-packets
 * </pre>
 */
public final class Pcap4jPasses {
    private final PcapHandle handle;
    private final BareTable table = new BareTable();
    private long packets;
    private long bytes;

    private Pcap4jPasses(PcapHandle handle) {
        this.handle = handle;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Pass pass = new Pass(System.out);
        for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
            pass.begin();
            Pcap4jPasses count;
            try (PcapHandle file = Pcaps.openOffline(arguments[0], TimestampPrecision.NANO)) {
                count = new Pcap4jPasses(file);
                count.read(arguments[2]);
            }
            pass.end(count.packets, count.bytes, count.table.flows());
        }
    }

    private void read(String way) throws Exception {
        switch (way) {
            case "loop-raw" -> handle.loop(-1, (RawPacketListener) this::raw);
            case "loop-packets" -> handle.loop(-1, (PacketListener) this::packet);
            case "next-raw" -> {
                byte[] raw = handle.getNextRawPacket();
                while (raw != null) {
                    raw(raw);
                    raw = handle.getNextRawPacket();
                }
            }
            case "next-packets" -> {
                Packet packet = handle.getNextPacket();
                while (packet != null) {
                    packet(packet);
                    packet = handle.getNextPacket();
                }
            }
            default -> throw new IllegalArgumentException(way);
        }
    }

    private void raw(byte[] frame) {
        int length = handle.getOriginalLength();
        packets++;
        bytes += length;
        RawFrame.count(frame, length, nowNanos(), table);
    }

    private void packet(Packet packet) {
        int length = handle.getOriginalLength();
        packets++;
        bytes += length;
        PacketObject.count(packet, length, nowNanos(), table);
    }

    private long nowNanos() {
        Timestamp time = handle.getTimestamp();
        return time.getTime() / 1_000 * 1_000_000_000L + time.getNanos();
    }
}
