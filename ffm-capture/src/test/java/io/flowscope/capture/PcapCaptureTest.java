package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.ValueLayout;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

@Timeout(60)
class PcapCaptureTest {
    @BeforeAll
    static void needsLibpcap() {
        Needs.root();
        Needs.that(PcapCapture.isAvailable(), "libpcap is not installed");
    }

    @Test
    void deliversEveryFrameAndStopsPromptly() throws Exception {
        try (TestNetwork network = TestNetwork.create();
                TestSender sender = TestSender.far(network)) {
            Promptly.within(100, () -> stopped(network, sender));
        }
    }

    /** How many milliseconds it took to stop, after every frame was there. */
    private static double stopped(TestNetwork network, TestSender sender)
            throws InterruptedException {
        try (PcapCapture capture =
                PcapCapture.open(
                        PcapOptions.of(network.near)
                                .withFilter(TestSender.FILTER)
                                .withSnapBytes(96))) {
            AtomicLong received = new AtomicLong();
            AtomicLong bytes = new AtomicLong();
            Thread reader =
                    Thread.ofPlatform()
                            .start(
                                    () ->
                                            capture.forEach(
                                                    (memory, offset, captured, length, nanos) -> {
                                                        received.incrementAndGet();
                                                        bytes.addAndGet(length);
                                                        assertEquals(96, captured);
                                                    }));
            sender.send(3000, 500);
            Eventually.holds("all frames", () -> received.get() == 3000);
            assertEquals(3000 * 500, bytes.get());
            assertEquals(3000, capture.statistics().packets());
            long begin = System.nanoTime();
            capture.stop();
            reader.join();
            return Promptly.since(begin);
        }
    }

    @Test
    void theDeviceAnyTellsTheInterfaceAndTheDirection() {
        try (TestNetwork network = TestNetwork.create();
                TestSender sender = TestSender.far(network);
                PcapCapture capture =
                        PcapCapture.open(PcapOptions.of("any").withFilter(TestSender.FILTER))) {
            Set<Integer> interfaces = ConcurrentHashMap.newKeySet();
            Set<Integer> directions = ConcurrentHashMap.newKeySet();
            sender.send(1, 100);
            capture.forEachBatch(
                    (memory, descriptors, count) -> {
                        interfaces.add(
                                descriptors.get(ValueLayout.JAVA_INT, PacketDescriptor.INTERFACE));
                        directions.add(
                                descriptors.get(ValueLayout.JAVA_SHORT, PacketDescriptor.FLAGS)
                                        & PacketDescriptor.DIRECTION_MASK);
                        capture.stop();
                    });
            assertEquals(276, capture.linkType());
            int near =
                    Interfaces.list().stream()
                            .filter(one -> one.name().equals(network.near))
                            .findFirst()
                            .orElseThrow()
                            .index();
            assertEquals(Set.of(near), interfaces);
            assertEquals(Set.of(PacketDescriptor.DIRECTION_OTHER_HOST), directions);
        }
    }

    @Test
    void whatLibpcapRefusesIsSaidInItsWords() {
        CaptureException noDevice =
                assertThrows(
                        CaptureException.class,
                        () -> PcapCapture.open(PcapOptions.of("fs-nowhere")));
        assertTrue(
                String.valueOf(noDevice.getMessage()).contains("No such device"),
                noDevice.getMessage());
        FilterException wrong =
                assertThrows(
                        FilterException.class,
                        () -> PcapCapture.open(PcapOptions.of("lo").withFilter("host and")));
        assertTrue(String.valueOf(wrong.getMessage()).contains("syntax error"), wrong.getMessage());
    }
}
