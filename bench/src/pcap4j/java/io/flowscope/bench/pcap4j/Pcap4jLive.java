package io.flowscope.bench.pcap4j;

import io.flowscope.bench.live.LiveCount;

import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PacketListener;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.RawPacketListener;
import org.pcap4j.packet.Packet;

import java.sql.Timestamp;

/**
 * Counts the flows of an interface with pcap4j and a bare table, its buffer as large as our ring.
 *
 * <pre>
 *   Pcap4jLive INTERFACE raw|packets
 * </pre>
 */
public final class Pcap4jLive {
    private static final int BUFFER_BYTES = 64 << 20;
    private static final int TIMEOUT_MILLIS = 10;
    private static final int ETHER_TYPE_AT = 12;

    private final PcapHandle handle;
    private final BareTable table = new BareTable();
    private final LiveCount count;

    private Pcap4jLive(PcapHandle handle) {
        this.handle = handle;
        count = new LiveCount(this::dropped);
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        try (PcapHandle handle =
                new PcapHandle.Builder(arguments[0])
                        .snaplen(65_535)
                        .promiscuousMode(PromiscuousMode.NONPROMISCUOUS)
                        .timeoutMillis(TIMEOUT_MILLIS)
                        .bufferSize(BUFFER_BYTES)
                        .build()) {
            var receiver = new Pcap4jLive(handle);
            receiver.count.ready();
            try {
                if (arguments[1].equals("raw")) {
                    handle.loop(-1, (RawPacketListener) receiver::raw);
                } else {
                    handle.loop(-1, (PacketListener) receiver::packet);
                }
            } catch (InterruptedException e) {
                // How pcap4j says that breakLoop was called: the end.
            }
        }
    }

    private long dropped() {
        try {
            return handle.getStats().getNumPacketsDropped();
        } catch (PcapNativeException | NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    private void raw(byte[] frame) {
        if (!isMark(frame)) {
            count.packets(1);
            RawFrame.count(frame, handle.getOriginalLength(), nowNanos(), table);
        }
    }

    private void packet(Packet packet) {
        int length = handle.getOriginalLength();
        // Marks are the only frames of their length: the others need not be looked into for it.
        if (length != 60 || !isMark(packet.getRawData())) {
            count.packets(1);
            PacketObject.count(packet, length, nowNanos(), table);
        }
    }

    private boolean isMark(byte[] frame) {
        int type = (frame[ETHER_TYPE_AT] & 0xff) << 8 | frame[ETHER_TYPE_AT + 1] & 0xff;
        if (type != LiveCount.MARK_ETHER_TYPE) {
            return false;
        }
        if (count.mark((char) frame[LiveCount.LETTER_AT])) {
            try {
                handle.breakLoop();
            } catch (NotOpenException e) {
                throw new IllegalStateException(e);
            }
        }
        return true;
    }

    private long nowNanos() {
        Timestamp time = handle.getTimestamp();
        return time.getTime() / 1_000 * 1_000_000_000L + time.getNanos();
    }
}
