package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.SocketCalls;
import io.flowscope.bindings.linux.linux_h;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the kernel knows of a packet besides its bytes, and what it grants of what is asked. */
@Timeout(30)
class ReceivedMetadataTest {
    private static final int LINK_BYTES = 1514;
    private static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};
    private static final byte[] GROUP = {1, 0, 0x5e, 0, 0, 5};
    private static final byte[] SOMEBODY = {2, 9, 9, 9, 9, 9};

    private static TestNetwork network;
    private static LiveInterface near;

    @BeforeAll
    static void connect() {
        network = TestNetwork.create();
        near = present(network.near);
    }

    @AfterAll
    static void disconnect() {
        if (network != null) {
            network.close();
        }
    }

    private static LiveInterface present(String name) {
        return Interfaces.list().stream().filter(i -> i.name().equals(name)).findFirst().get();
    }

    private static RingOptions.Builder ring(String filter) {
        return RingOptions.builder(network.near).profile(RingProfile.JUMBO).filter(filter);
    }

    /** What a packet's descriptor says, and its first bytes. */
    private record Seen(
            int captured,
            int length,
            int flags,
            int interfaceNumber,
            int vlan,
            int hash,
            long nanos,
            String hex) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        int direction() {
            return flags & PacketDescriptor.DIRECTION_MASK;
        }

        static Seen of(MemorySegment memory, MemorySegment descriptors, long at) {
            long offset = descriptors.get(ValueLayout.JAVA_LONG, at + PacketDescriptor.OFFSET);
            return new Seen(
                    descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.CAPTURED),
                    descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.LENGTH),
                    descriptors.get(ValueLayout.JAVA_SHORT, at + PacketDescriptor.FLAGS),
                    descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.INTERFACE),
                    descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.VLAN_TCI),
                    descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.HASH),
                    descriptors.get(ValueLayout.JAVA_LONG, at + PacketDescriptor.TIMESTAMP),
                    HexFormat.of()
                            .formatHex(memory.asSlice(offset, 18).toArray(ValueLayout.JAVA_BYTE)));
        }
    }

    /** Sends while a ring is open: the packets that it saw, of which there are at least so many. */
    private static List<Seen> received(RingOptions options, int least, Runnable sending) {
        List<Seen> seen = new ArrayList<>();
        try (RingCapture capture = RingCapture.open(options)) {
            assertEquals(List.of(), capture.notes());
            var reader =
                    CompletableFuture.runAsync(
                            () ->
                                    capture.forEachBatch(
                                            (memory, descriptors, count) -> {
                                                for (int i = 0; i < count; i++) {
                                                    long at = (long) i * PacketDescriptor.BYTES;
                                                    seen.add(Seen.of(memory, descriptors, at));
                                                }
                                            }));
            sending.run();
            Eventually.holds(
                    least + " packets", () -> capture.ringStatistics().delivered() >= least);
            capture.stop();
            reader.join();
        }
        assertTrue(seen.size() >= least, seen::toString);
        return seen;
    }

    private static void send(TestSender sender, byte[] frame) {
        sender.header(frame);
        sender.sendAsIs(frame.length);
    }

    /** A frame of the tests' own EtherType, to an address. */
    private static byte[] frame(byte[] destination, int lengthBytes) {
        byte[] frame = new byte[lengthBytes];
        System.arraycopy(destination, 0, frame, 0, 6);
        frame[6] = 2;
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        return frame;
    }

    @Test
    void directionTellsForWhomAFrameWasAndWhoSentIt() {
        byte[] here = HexFormat.ofDelimiter(":").parseHex(near.hardwareAddress());
        List<Seen> seen;
        try (TestSender far = TestSender.far(network);
                TestSender own = TestSender.seenOn(network.near)) {
            Runnable all =
                    () -> {
                        for (byte[] address : List.of(here, BROADCAST, GROUP, SOMEBODY)) {
                            send(far, frame(address, 100));
                        }
                        send(own, frame(SOMEBODY, 100));
                    };
            seen = received(ring(TestSender.FILTER).build(), 5, all);
            List<Seen> others =
                    received(ring(TestSender.FILTER).ignoreOutgoing(true).build(), 4, all);
            assertEquals(4, others.size());
            assertTrue(
                    others.stream()
                            .noneMatch(s -> s.direction() == PacketDescriptor.DIRECTION_OUT));
        }
        assertEquals(
                List.of(
                        PacketDescriptor.DIRECTION_IN,
                        PacketDescriptor.DIRECTION_BROADCAST,
                        PacketDescriptor.DIRECTION_MULTICAST,
                        PacketDescriptor.DIRECTION_OTHER_HOST,
                        PacketDescriptor.DIRECTION_OUT),
                seen.stream().map(Seen::direction).toList());
        for (Seen one : seen) {
            assertEquals(near.index(), one.interfaceNumber());
            assertFalse(one.has(PacketDescriptor.FLAG_HARDWARE_TIME), "veth has no clock");
        }
    }

    @Test
    void bothKindsOfTagThatTheKernelTookOutAreDescribed() {
        try (TestSender far = TestSender.far(network)) {
            List<Seen> seen =
                    received(
                            ring("").build(),
                            3,
                            () -> {
                                send(far, tagged("81006005" + "88b5"));
                                send(far, tagged("88a82064" + "81000007" + "88b5"));
                                send(far, frame(SOMEBODY, 100));
                            });
            assertEquals(0x8100_6005, seen.get(0).vlan());
            assertEquals(0x88a8_2064, seen.get(1).vlan());
            assertTrue(seen.get(0).has(PacketDescriptor.FLAG_VLAN));
            assertTrue(seen.get(1).has(PacketDescriptor.FLAG_VLAN));
            // What is further in stays in the frame.
            assertEquals("88b50000", seen.get(0).hex().substring(24, 32));
            assertEquals("8100000788b5", seen.get(1).hex().substring(24));
            assertEquals(0, seen.get(2).vlan());
            assertFalse(seen.get(2).has(PacketDescriptor.FLAG_VLAN));
        }
    }

    private static byte[] tagged(String typesAndTags) {
        byte[] types = HexFormat.of().parseHex(typesAndTags);
        byte[] frame = frame(SOMEBODY, 100);
        System.arraycopy(types, 0, frame, 12, types.length);
        return frame;
    }

    @Test
    void aFlowHasOneHashAndAnotherFlowAnother() {
        try (TestSender far = TestSender.far(network)) {
            List<Seen> seen =
                    received(
                            ring("tcp").build(),
                            6,
                            () -> {
                                for (int i = 0; i < 6; i++) {
                                    send(far, TcpFrames.frame(4000 + i % 2, i, 50 + i));
                                }
                            });
            for (int i = 2; i < 6; i++) {
                assertEquals(seen.get(i - 2).hash(), seen.get(i).hash());
            }
            assertNotEquals(0, seen.get(0).hash());
            assertNotEquals(seen.get(0).hash(), seen.get(1).hash());
        }
    }

    @Test
    void whatThePeerLeavesToHardwareIsMarkedAsMergedAndWithoutChecksum() {
        int payload = 8_000;
        try (TestSender far = TestSender.far(network)) {
            far.useVirtioHeaders();
            List<Seen> seen =
                    received(
                            ring("tcp").build(),
                            2,
                            () -> {
                                send(far, TcpFrames.leftToHardware(4000, 1, payload, 1448));
                                send(far, TcpFrames.leftToHardware(4000, 1 + payload, 500, 0));
                            });
            Seen large = seen.get(0);
            assertEquals(54 + payload, large.length());
            assertEquals(54 + payload, large.captured());
            assertTrue(large.has(PacketDescriptor.FLAG_GSO));
            assertTrue(large.has(PacketDescriptor.FLAG_CHECKSUM_NOT_READY));
            assertFalse(large.has(PacketDescriptor.FLAG_CHECKSUM_VALID));
            Seen small = seen.get(1);
            assertFalse(small.has(PacketDescriptor.FLAG_GSO));
            assertTrue(small.has(PacketDescriptor.FLAG_CHECKSUM_NOT_READY));
        }
    }

    @Test
    void aChecksumThatTheKernelVerifiedIsMarkedSo() {
        Needs.tool("ethtool");
        // Receive offload makes the kernel look at checksums before the ring sees the frames; veth
        // has it only for frames whose sender had none.
        network.inNamespace("ethtool", "-K", network.far, "tso", "off");
        TestNetwork.run("ethtool", "-K", network.near, "gro", "on");
        try (TestSender far = TestSender.far(network)) {
            byte[] wrong = TcpFrames.frame(4002, 1, 200);
            wrong[50] ^= 0x55;
            List<Seen> seen =
                    received(
                            ring("tcp").build(),
                            2,
                            () -> {
                                send(far, TcpFrames.frame(4001, 1, 200));
                                send(far, wrong);
                            });
            assertTrue(seen.get(0).has(PacketDescriptor.FLAG_CHECKSUM_VALID), seen::toString);
            assertFalse(seen.get(1).has(PacketDescriptor.FLAG_CHECKSUM_VALID), seen::toString);
            for (Seen one : seen) {
                assertFalse(one.has(PacketDescriptor.FLAG_CHECKSUM_NOT_READY));
                assertFalse(one.has(PacketDescriptor.FLAG_GSO));
                assertTrue(one.length() <= LINK_BYTES);
            }
        } finally {
            TestNetwork.run("ethtool", "-K", network.near, "gro", "off");
            network.inNamespace("ethtool", "-K", network.far, "tso", "on");
        }
    }

    @Test
    void withoutOffloadsNothingIsSaidOfChecksums() {
        try (TestSender far = TestSender.far(network)) {
            Seen seen =
                    received(ring("tcp").build(), 1, () -> send(far, TcpFrames.frame(4001, 1, 200)))
                            .getFirst();
            assertFalse(seen.has(PacketDescriptor.FLAG_CHECKSUM_VALID));
            assertFalse(seen.has(PacketDescriptor.FLAG_CHECKSUM_NOT_READY));
        }
    }

    @Test
    void truncationKeepsTheLengthOnTheWire() {
        try (TestSender far = TestSender.far(network)) {
            List<Seen> seen =
                    received(
                            ring(TestSender.FILTER).snapBytes(70).build(),
                            3,
                            () -> {
                                send(far, frame(SOMEBODY, 70));
                                send(far, frame(SOMEBODY, 71));
                                send(far, frame(SOMEBODY, 1500));
                            });
            for (Seen one : seen) {
                assertEquals(70, one.captured());
                assertEquals(one.length() > 70, one.has(PacketDescriptor.FLAG_TRUNCATED));
            }
            assertEquals(List.of(70, 71, 1500), seen.stream().map(Seen::length).toList());
        }
    }

    @Test
    void timeIsTheSystemsWhenTheFrameCame() {
        long before = nowNanos();
        Seen seen;
        long after;
        try (TestSender far = TestSender.far(network)) {
            long[] sent = new long[1];
            seen =
                    received(
                                    ring(TestSender.FILTER).retireMillis(60).build(),
                                    1,
                                    () -> {
                                        send(far, frame(SOMEBODY, 80));
                                        sent[0] = nowNanos();
                                    })
                            .getFirst();
            after = sent[0];
        }
        // Not when the block was handed over, 60 ms later. The clock of System is in microseconds.
        assertTrue(seen.nanos() >= before - 1_000, seen.nanos() - before + " ns before");
        assertTrue(seen.nanos() <= after + 20_000_000, seen.nanos() - after + " ns after");
    }

    private static long nowNanos() {
        var now = java.time.Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** For how many microseconds the kernel itself polls for a ring. */
    private static int busyPollMicros(RingCapture capture) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, 4);
            int result =
                    SocketCalls.getsockopt(
                            ErrnoCapture.allocate(arena),
                            capture.ring().socket().descriptor(),
                            linux_h.SOL_SOCKET(),
                            linux_h.SO_BUSY_POLL(),
                            value,
                            size);
            assertEquals(0, result);
            return value.get(ValueLayout.JAVA_INT, 0);
        }
    }

    @Test
    void busyPollingIsAskedForInTheKernelAsWell() {
        var options = ring(TestSender.FILTER).busyPollMicros(50).build();
        try (RingCapture capture = RingCapture.open(options)) {
            assertEquals(List.of(), capture.notes());
            assertEquals(50, busyPollMicros(capture));
        }
        try (TestSender far = TestSender.far(network)) {
            assertEquals(3, received(options, 3, () -> far.send(3, 100)).size());
        }
    }

    /** Asks for what only CAP_NET_ADMIN may have. */
    static final class Wishes {
        private Wishes() {}

        public static void main(String[] arguments) {
            try (RingCapture capture =
                    RingCapture.open(
                            RingOptions.builder(arguments[0])
                                    .profile(RingProfile.LOW_MEMORY)
                                    .busyPollMicros(50)
                                    .hardwareTimestamps(true)
                                    .promiscuous(true)
                                    .build())) {
                capture.notes().forEach(System.out::println);
                System.out.println("polls for " + busyPollMicros(capture));
            }
        }
    }

    @Test
    @Tag("slow")
    void withCapNetRawAloneARingOpensAndSaysWhatItDoesWithout() throws Exception {
        Needs.tool("setpriv");
        List<String> said =
                new OwnJvm()
                        .under("setpriv", "--bounding-set=-all,+net_raw", "--inh-caps=-all")
                        .run(Wishes.class, network.near)
                        .lines()
                        .toList();
        assertEquals(
                "hardware timestamps of "
                        + network.near
                        + " refused (SIOCSHWTSTAMP: EPERM; CAP_NET_ADMIN is needed to switch them"
                        + " on), software timestamps are used",
                said.getFirst());
        // Newer kernels grant busy polling to everybody; what an older one refuses is said.
        String refusal = "SO_BUSY_POLL refused (EPERM; CAP_NET_ADMIN is needed)";
        assertEquals(
                said.contains("polls for 50") ? List.of() : List.of(refusal),
                said.subList(1, said.size() - 1).stream()
                        .map(note -> note.replaceFirst(": only.*", ""))
                        .toList());
        assertTrue(said.getLast().startsWith("polls for "), said::toString);
    }
}
