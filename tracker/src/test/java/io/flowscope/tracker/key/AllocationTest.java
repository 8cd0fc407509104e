package io.flowscope.tracker.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;
import io.flowscope.tracker.packet.Packets;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;

@Tag("unchecked")
class AllocationTest {
    private static final String FROM = "0a000001";
    private static final String TO = "c0a80001";

    private final PacketDecoder decoder = new PacketDecoder();
    private final PacketCursor cursor = new PacketCursor();
    private final KeyBuffer key = new KeyBuffer();
    private final KeyHash hash = new KeyHash(1);
    private final FragmentCache cache = new FragmentCache(FragmentOptions.DEFAULT, false, hash);
    private long sum;

    @Test
    void aPacketCostsNoAllocationWhateverItIs() {
        byte[] segment = Packets.tcp(1, 2, 0x10, new byte[12], new byte[50]);
        byte[] plain = Packets.ethernet(0x0800, Packets.ipv4(6, FROM, TO, segment));
        byte[] six = Packets.ipv6(6, FROM.repeat(4), TO.repeat(4), segment);
        byte[] tunnel = Packets.bytes("08000000 00000500", plain);
        byte[] tagged = Packets.bytes("0005 86dd", six);
        byte[][] packets = {
            plain,
            Packets.ethernet(0x86dd, six),
            Packets.ethernet(0x8100, tagged),
            Packets.ethernet(0x0800, Packets.ipv4(17, FROM, TO, Packets.udp(7, 4789, tunnel))),
            Packets.ethernet(
                    0x0800, Packets.ipv4(17, FROM, TO, new byte[0], 1, 0x2000, new byte[16])),
            Packets.ethernet(0x0800, Packets.ipv4(17, FROM, TO, new byte[0], 1, 2, new byte[16])),
            Packets.ethernet(0x0806, new byte[28]),
        };
        try (Arena arena = Arena.ofShared()) {
            MemorySegment[] memory = new MemorySegment[packets.length];
            for (int i = 0; i < packets.length; i++) {
                memory[i] = Packets.exact(arena, packets[i]);
            }
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 12; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 35_000; i++) {
                    track(memory[i % memory.length], i);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertEquals(0, least / 1000, least + " bytes for 35 000 packets");
            assertTrue(sum != 0);
        }
    }

    private void track(MemorySegment memory, int now) {
        int bytes = (int) memory.byteSize();
        if (!decoder.decode(memory, 0, bytes, bytes, now, 1, cursor)) {
            return;
        }
        if (!cursor.fragmented()) {
            FiveTuple.extract(cursor, key);
            sum += cursor.tcpOptions().timestampValue();
        } else if (cursor.fragmentOffset() == 0) {
            FiveTuple.extract(cursor, key);
            cache.first(cursor, key, now);
        } else {
            cache.later(cursor, key, now);
        }
        sum += hash.hash(key);
    }
}
