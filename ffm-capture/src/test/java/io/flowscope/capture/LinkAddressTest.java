package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The link address that the kernel hands over with a packet. */
@Timeout(30)
class LinkAddressTest {
    private static final HexFormat HEX = HexFormat.ofDelimiter(":");

    /** Reads from a ring while something is sent, until so many packets have come. */
    private static void during(RingCapture ring, int least, BatchHandler handler, Runnable send) {
        var reader = CompletableFuture.runAsync(() -> ring.forEachBatch(handler));
        send.run();
        Eventually.holds(least + " packets", () -> ring.ringStatistics().delivered() >= least);
        ring.stop();
        reader.join();
    }

    private static String address(RingCapture ring, int index) {
        byte[] bytes = new byte[8];
        int length = ring.linkAddress(index, bytes);
        return HEX.formatHex(bytes, 0, length);
    }

    private static String source(MemorySegment memory, MemorySegment descriptors, int index) {
        long at = (long) index * PacketDescriptor.BYTES + PacketDescriptor.OFFSET;
        long source = descriptors.get(ValueLayout.JAVA_LONG, at) + 6;
        return HEX.formatHex(memory.asSlice(source, 6).toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void everyPacketOfABatchHasItsSendersInWhateverOrderOneAsks() {
        List<String> asked = new ArrayList<>();
        try (TestNetwork network = TestNetwork.create();
                TestSender far = TestSender.far(network);
                RingCapture ring =
                        RingCapture.open(
                                RingOptions.builder(network.near)
                                        .filter(TestSender.FILTER)
                                        .build())) {
            BatchHandler handler =
                    (memory, descriptors, count) -> {
                        List<String> expected = new ArrayList<>();
                        for (int i = 0; i < count; i++) {
                            expected.add(source(memory, descriptors, i));
                            assertEquals(expected.get(i), address(ring, i));
                        }
                        for (int i = count - 1; i >= 0; i -= 3) {
                            assertEquals(expected.get(i), address(ring, i));
                            assertEquals(expected.get(i), address(ring, i));
                        }
                        assertThrows(IndexOutOfBoundsException.class, () -> address(ring, count));
                        assertThrows(IndexOutOfBoundsException.class, () -> address(ring, -1));
                        asked.addAll(expected);
                    };
            during(
                    ring,
                    100,
                    handler,
                    () -> {
                        for (int i = 0; i < 100; i++) {
                            byte[] frame = new byte[60 + i * 7];
                            byte[] head = HEX.parseHex("02:01:01:01:01:01:06:00:00:00:00:00:88:b5");
                            System.arraycopy(head, 0, frame, 0, head.length);
                            frame[11] = (byte) i;
                            far.header(frame);
                            far.sendAsIs(frame.length);
                        }
                    });
            assertThrows(IllegalStateException.class, () -> address(ring, 0));
        }
        assertEquals(100, asked.size());
        assertEquals("06:00:00:00:00:63", asked.getLast());
    }

    @Test
    void onLoopbackItIsAllZeros() throws Exception {
        Needs.root();
        List<String> asked = new ArrayList<>();
        InetAddress here = InetAddress.ofLiteral("127.0.0.1");
        try (DatagramSocket sink = new DatagramSocket(0, here);
                DatagramSocket sender = new DatagramSocket(0, here);
                RingCapture ring =
                        RingCapture.open(
                                RingOptions.builder("lo")
                                        .filter("udp port " + sink.getLocalPort())
                                        .build())) {
            DatagramPacket packet =
                    new DatagramPacket(new byte[9], 9, sink.getLocalSocketAddress());
            during(
                    ring,
                    5,
                    (memory, descriptors, count) -> {
                        for (int i = 0; i < count; i++) {
                            asked.add(address(ring, i));
                        }
                    },
                    () -> {
                        for (int i = 0; i < 5; i++) {
                            try {
                                sender.send(packet);
                            } catch (java.io.IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        }
                    });
        }
        assertEquals(List.of("00:00:00:00:00:00"), asked.stream().distinct().toList());
        assertEquals(5, asked.size());
    }

    private static final int HEADER_BYTES = 96;

    /** A block as the kernel writes it: of each packet its type, and its address's length. */
    private static MemorySegment block(Arena arena, int[] types, int[] lengths) {
        var word = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
        MemorySegment block = arena.allocate(4096, 4096);
        block.set(word, 8, 1);
        block.set(word, 12, types.length);
        block.set(word, 16, 48);
        for (int i = 0; i < types.length; i++) {
            long at = 48 + (long) i * HEADER_BYTES;
            block.set(word, at, i == types.length - 1 ? 0 : HEADER_BYTES);
            block.set(ValueLayout.JAVA_BYTE, at + 58, (byte) types[i]);
            block.set(ValueLayout.JAVA_BYTE, at + 59, (byte) lengths[i]);
            for (int b = 0; b < 8; b++) {
                block.set(ValueLayout.JAVA_BYTE, at + 60 + b, (byte) (16 * i + b));
            }
        }
        return block;
    }

    @Test
    void packetsThatWereLeftOutDoNotCountAndLongAddressesAreCut() {
        try (Arena arena = Arena.ofConfined()) {
            int outgoing = 4;
            MemorySegment block =
                    block(
                            arena,
                            new int[] {outgoing, 0, outgoing, outgoing, 0, 0, outgoing},
                            new int[] {6, 6, 6, 6, 0, 20, 6});
            MemorySegment descriptors =
                    arena.allocate((long) RingBlocks.BATCH * PacketDescriptor.BYTES, 8);
            RingBlocks blocks = new RingBlocks(block, descriptors, 4096, 1, true);
            assertEquals(3, blocks.fill());
            byte[] bytes = new byte[8];
            assertEquals(8, blocks.linkAddress(2, bytes), "of an address of 20");
            assertEquals(5 * 16 + 7, bytes[7]);
            assertEquals(0, blocks.linkAddress(1, bytes), "where a link has none");
            assertEquals(6, blocks.linkAddress(0, bytes));
            assertArrayEquals(
                    new byte[] {16, 17, 18, 19, 20, 21}, java.util.Arrays.copyOf(bytes, 6));
            assertEquals(2, blocks.linkAddress(0, new byte[2]), "no more than there is room for");
            blocks.handBack();
            assertThrows(IllegalStateException.class, () -> blocks.linkAddress(0, bytes));
        }
    }
}
