package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.linux_h;
import io.flowscope.capture.filter.FilterCompiler;
import io.flowscope.capture.filter.RandomExpressions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** What the kernel does with what a ring asks of it. */
@Timeout(120)
class RingKernelTest {
    @Test
    void loopbackShowsEachPacketOnce() throws Exception {
        Needs.root();
        InetAddress here = InetAddress.ofLiteral("127.0.0.1");
        try (DatagramSocket receiver = new DatagramSocket(0, here);
                DatagramSocket sender = new DatagramSocket(0, here);
                RingCapture ring =
                        RingCapture.open(
                                RingOptions.builder("lo")
                                        .profile(RingProfile.LOW_LATENCY)
                                        .filter("udp dst port " + receiver.getLocalPort())
                                        .build())) {
            for (int i = 0; i < 50; i++) {
                sender.send(new DatagramPacket(new byte[20], 20, receiver.getLocalSocketAddress()));
            }
            AtomicInteger received = new AtomicInteger();
            Thread reader =
                    Thread.ofPlatform()
                            .start(() -> ring.forEachBatch((m, d, n) -> received.addAndGet(n)));
            Eventually.holds("50", () -> received.get() >= 50);
            Thread.sleep(20);
            ring.stop();
            reader.join();
            assertEquals(50, received.get());
            assertEquals(50, ring.statistics().packets());
        }
    }

    /** Frames that the kernel let through a program are those that the interpreter lets through. */
    @Test
    void theInterpreterAgreesWithTheKernel() {
        int filters = 60;
        int frames = 40;
        Random random = new Random(77);
        RandomExpressions expressions = new RandomExpressions(random, 1);
        try (TestNetwork network = TestNetwork.create();
                TestSender sender = TestSender.far(network);
                RingCapture ring =
                        RingCapture.open(
                                RingOptions.builder(network.near)
                                        .profile(RingProfile.LOW_MEMORY)
                                        .filter("ether proto 1")
                                        .build());
                Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(256);
            for (int i = 0; i < filters; i++) {
                String text = expressions.next();
                if (text.contains("vlan")) {
                    // The kernel takes tags out of frames: what is sent is not what it filters.
                    continue;
                }
                BpfProgram program = BpfProgram.of(FilterCompiler.compile(text, 1, true));
                int expected = 0;
                List<byte[]> sent = new ArrayList<>();
                while (sent.size() < frames) {
                    byte[] frame = frame(random);
                    sent.add(frame);
                    MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, 0, frame.length);
                    expected += program.matches(memory, 0, frame.length, frame.length) ? 1 : 0;
                }
                assertEquals(expected, passed(ring, sender, program, sent), text);
            }
        }
    }

    /** How many frames the kernel lets through a program; nobody reads what it keeps of them. */
    private static long passed(
            RingCapture ring, TestSender sender, BpfProgram program, List<byte[]> frames) {
        try (Arena arena = Arena.ofConfined()) {
            ring.ring().socket().attach(ErrnoCapture.allocate(arena), program.toArray());
            long before = ring.statistics().packets();
            for (byte[] frame : frames) {
                sender.header(frame);
                sender.sendAsIs(frame.length);
            }
            return ring.statistics().packets() - before;
        }
    }

    /** Untagged, and long enough that the kernel does not pad it. */
    private static byte[] frame(Random random) {
        io.flowscope.capture.filter.RandomPackets packets =
                new io.flowscope.capture.filter.RandomPackets(random);
        for (; ; ) {
            byte[] packet = packets.next(1);
            int type = packet.length < 60 ? 0 : (packet[12] & 0xff) << 8 | (packet[13] & 0xff);
            if (packet.length >= 60 && type != 0x8100 && type != 0x88a8) {
                return packet;
            }
        }
    }

    @Test
    void aRefusedHardwareClockIsSaidAndSoftwareTimeUsed() {
        try (TestNetwork network = TestNetwork.create();
                RingCapture ring =
                        RingCapture.open(
                                RingOptions.builder(network.near)
                                        .hardwareTimestamps(true)
                                        .build())) {
            assertEquals(1, ring.notes().size());
            String note = ring.notes().getFirst();
            assertTrue(note.startsWith("hardware timestamps of " + network.near), note);
            assertTrue(note.endsWith("software timestamps are used"), note);
        }
    }

    @Test
    void fewerBlocksAreTakenWhenThereIsNoMemoryForMore() {
        List<Integer> asked = new ArrayList<>();
        int had =
                RingMemory.fit(
                        64,
                        count -> {
                            asked.add(count);
                            return count > 10 ? -linux_h.ENOMEM() : 0;
                        });
        assertEquals(8, had);
        assertEquals(List.of(64, 32, 16, 8), asked);
        assertEquals(-linux_h.ENOMEM(), RingMemory.fit(64, count -> -linux_h.ENOMEM()));
        assertEquals(-linux_h.EINVAL(), RingMemory.fit(64, count -> -linux_h.EINVAL()));
    }

    @Test
    void aRingTakesNoMoreThanHalfOfTheMemoryThatIsFree() {
        String memory = "MemFree:     5 kB\nMemAvailable:   1048576 kB\nBuffers: 1 kB\n";
        assertEquals(500, RingMemory.affordable(500, 1 << 20, memory));
        assertEquals(512, RingMemory.affordable(65_536, 1 << 20, memory));
        assertEquals(2, RingMemory.affordable(64, 1 << 30, memory));
        assertEquals(64, RingMemory.affordable(64, 1 << 26, "nothing is said"));
    }

    /** Opens a ring in a process whose address space has room for half of it. */
    static final class Narrow {
        private Narrow() {}

        public static void main(String[] arguments) throws Exception {
            var options = RingOptions.builder("lo").blockBytes(1 << 22).filter("udp").snapBytes(64);
            RingCapture.open(options.blockCount(2).build()).close();
            String size =
                    Tools.lines("sh", "-c", "awk '/VmSize/ {print $2}' /proc/$PPID/status").get(0);
            long room = Long.parseLong(size) * 1024 + (200 << 20);
            String self = Long.toString(ProcessHandle.current().pid());
            Tools.lines("prlimit", "--pid", self, "--as=" + room + ":");
            try (RingCapture ring = RingCapture.open(options.blockCount(64).build())) {
                System.out.println(ring.ringStatistics().ringBytes() + " " + ring.notes());
            }
        }
    }

    @Test
    void aRingThatDoesNotFitIsSmallerAndSaysSo() throws Exception {
        Needs.root();
        Needs.tool("prlimit");
        // In the C library's own way each new thread of the JVM would take much of the room.
        String said =
                new OwnJvm()
                        .under("env", "MALLOC_ARENA_MAX=1")
                        .with("-Xmx64m", "-XX:+UseSerialGC")
                        .run(Narrow.class);
        assertEquals(
                "134217728 [not enough memory for a ring of 268435456 bytes: it has 134217728"
                        + " bytes]",
                said.strip());
    }

    @Test
    void promiscuousModeIsOnWhileTheRingIsOpen() throws Exception {
        try (TestNetwork network = TestNetwork.create()) {
            try (RingCapture ring =
                    RingCapture.open(RingOptions.builder(network.near).promiscuous(true).build())) {
                assertEquals(1, ring.linkType());
                assertTrue(promiscuity(network).contains("promiscuity 1"));
            }
            assertTrue(promiscuity(network).contains("promiscuity 0"));
        }
    }

    private static String promiscuity(TestNetwork network) throws Exception {
        return String.join(" ", Tools.lines("ip", "-d", "link", "show", network.near));
    }
}
