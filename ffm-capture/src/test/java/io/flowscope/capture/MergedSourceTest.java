package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

@Execution(ExecutionMode.CONCURRENT)
class MergedSourceTest {
    @TempDir Path folder;

    private Path pcap(String name, int linkType, int... seconds) throws Exception {
        var file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN).pcapHeader(0xA1B2C3D4, linkType);
        for (int second : seconds) {
            file.record(second, 0, 8, CaptureBytes.data(8));
        }
        return Files.write(folder.resolve(name), file.done());
    }

    private Path pcapng(String name, int... seconds) throws Exception {
        var file = new CaptureBytes(ByteOrder.BIG_ENDIAN).section();
        file.describeInterface(113, 0, file.body()).describeInterface(101, 0, file.body());
        for (int second : seconds) {
            file.enhanced(second % 2, second * 1_000_000L, CaptureBytes.data(5));
        }
        return Files.write(folder.resolve(name), file.done());
    }

    private static List<Long> seconds(List<Packet> packets) {
        return packets.stream().map(packet -> packet.timestampNanos() / 1_000_000_000L).toList();
    }

    @Test
    void packetsComeInTimeOrderWithInterfacesOfTheirOwn() throws Exception {
        Path one = pcap("one", 1, 1, 4, 9);
        Path two = pcapng("two", 2, 3, 4, 10);
        Path three = pcap("three", 12);
        try (MergedSource merged = CaptureFile.merge(List.of(one, two, three))) {
            List<Packet> packets = Packet.of(merged);
            assertEquals(List.of(1L, 2L, 3L, 4L, 4L, 9L, 10L), seconds(packets));
            assertEquals(
                    List.of(1, 113, 101, 1, 113, 1, 113),
                    packets.stream().map(Packet::linkType).toList());
            assertEquals(
                    List.of(0, 1, 2, 0, 1, 0, 1),
                    packets.stream().map(Packet::interfaceNumber).toList());
            assertEquals("0102030405", packets.get(1).hex());
            assertEquals(7, merged.statistics().packets());
        }
    }

    @Test
    void aDamagedFileDoesNotKeepTheOthersFromTheirEnds() throws Exception {
        Path bad = pcap("bad", 1, 1, 2);
        byte[] bytes = Files.readAllBytes(bad);
        bytes[24 + 24 + 11] = 0x7F;
        Files.write(bad, bytes);
        Path good = pcap("good", 1, 1, 2, 3, 4);
        try (MergedSource merged = CaptureFile.merge(List.of(bad, good))) {
            var packets = new ArrayList<Packet>();
            var damage =
                    assertThrows(
                            CaptureException.class,
                            () -> merged.forEachBatch(Packet.into(packets)));
            assertEquals(List.of(1L, 1L, 2L, 3L, 4L), seconds(packets));
            assertTrue(damage.getMessage().contains("bad is damaged"), damage.getMessage());
        }
    }

    @Test
    void manyPacketsOfManyFilesStayInOrder() throws Exception {
        List<Path> files = new ArrayList<>();
        int[] times = new int[3_000];
        for (int f = 0; f < 5; f++) {
            for (int i = 0; i < times.length; i++) {
                times[i] = i * 7 + f * 3;
            }
            files.add(pcap("f" + f, 1, times));
        }
        try (MergedSource merged = CaptureFile.merge(files)) {
            List<Long> seconds = seconds(Packet.of(merged));
            assertEquals(seconds.stream().sorted().toList(), seconds);
            assertEquals(15_000, seconds.size());
        }
    }

    @Test
    void aFileThatCannotBeOpenedClosesTheOthers() throws Exception {
        Path good = pcap("good", 1, 1);
        var refusal =
                assertThrows(
                        CaptureException.class,
                        () -> CaptureFile.merge(List.of(good, folder.resolve("none"))));
        assertTrue(refusal.getMessage().startsWith("there is no file"), refusal.getMessage());
        assertThrows(IllegalArgumentException.class, () -> CaptureFile.merge(List.of()));
    }

    @Test
    void stopFromTheHandlerEndsTheReading() throws Exception {
        int[] times = new int[2_000];
        try (MergedSource merged = CaptureFile.merge(List.of(pcap("many", 1, times)))) {
            assertEquals(512, merged.forEachBatch((m, d, n) -> merged.stop()));
        }
    }
}
