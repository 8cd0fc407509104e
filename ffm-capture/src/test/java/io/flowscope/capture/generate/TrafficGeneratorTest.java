package io.flowscope.capture.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.Needs;
import io.flowscope.capture.PacketDescriptor;
import io.flowscope.capture.Tools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;

@Execution(ExecutionMode.CONCURRENT)
class TrafficGeneratorTest {
    private static final String BAD_CHECKSUM =
            "_ws.malformed or ip.checksum.status == 0 or tcp.checksum.status == 0"
                    + " or udp.checksum.status == 0 or icmp.checksum.status == 0"
                    + " or icmpv6.checksum.status == 0";

    @TempDir Path folder;

    private static TrafficSpec.Builder everything() {
        return TrafficSpec.builder()
                .seed(7)
                .flows(300)
                .packets(12_000)
                .payload(0, 1_400)
                .udpShare(0.3)
                .ipv6Share(0.3)
                .vlanShare(0.3)
                .vxlanShare(0.2)
                .lossShare(0.01)
                .reorderShare(0.05)
                .duplicateShare(0.05)
                .retransmissionShare(0.05);
    }

    private static byte[] pcap(TrafficGenerator generator, boolean batches) {
        var out = new ByteArrayOutputStream();
        try (generator;
                var writer = PcapWriter.to(out, PcapWriter.Precision.MICROSECONDS, 1)) {
            if (batches) {
                generator.forEachBatch(writer);
            } else {
                generator.forEach(writer);
            }
        }
        return out.toByteArray();
    }

    @Test
    void theSampleIsWhatSeedOneGives() throws Exception {
        Path sample = Needs.project().resolve("samples/sample.pcap");
        assertArrayEquals(Files.readAllBytes(sample), pcap(TrafficGenerator.mix(1), true));
    }

    @Test
    void aSpecificationGivesTheSameBytesOnEveryMachine() throws Exception {
        byte[] file = pcap(TrafficGenerator.of(everything().build()), true);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
        assertEquals(
                "4b7a57ca6278d643f5acc4e4203aae1d690fb4a498a7df365acd7893be393a6c",
                HexFormat.of().formatHex(digest));
    }

    @Test
    void oneByOneAndInBatchesGiveTheSamePackets() {
        assertArrayEquals(
                pcap(TrafficGenerator.of(everything().build()), true),
                pcap(TrafficGenerator.of(everything().build()), false));
        assertArrayEquals(
                pcap(TrafficGenerator.mix(3), true), pcap(TrafficGenerator.mix(3), false));
    }

    @Test
    void anotherSeedGivesOtherPackets() {
        byte[] one = pcap(TrafficGenerator.of(everything().seed(1).build()), true);
        byte[] two = pcap(TrafficGenerator.of(everything().seed(2).build()), true);
        assertTrue(java.util.Arrays.mismatch(one, two) >= 0);
    }

    @Test
    void tsharkFindsNothingWrongWithTheMix() throws Exception {
        assertEquals(List.of(), faults(pcap(TrafficGenerator.mix(1), true)));
        assertEquals(List.of(), faults(pcap(TrafficGenerator.mix(99), true)));
    }

    @Test
    void tsharkFindsNothingWrongWithBulkTraffic() throws Exception {
        assertEquals(List.of(), faults(pcap(TrafficGenerator.of(everything().build()), true)));
    }

    private List<String> faults(byte[] pcap) throws Exception {
        Needs.tool("tshark");
        Path file = Files.write(folder.resolve("generated.pcap"), pcap);
        return Tools.lines(
                "tshark",
                "-r",
                file.toString(),
                "-o",
                "ip.check_checksum:TRUE",
                "-o",
                "tcp.check_checksum:TRUE",
                "-o",
                "udp.check_checksum:TRUE",
                "-d",
                "tcp.port==5201,data",
                "-d",
                "tcp.port==5202,data",
                "-d",
                "udp.port==40123,data",
                "-Y",
                BAD_CHECKSUM);
    }

    @Test
    void tsharkFindsTheProtocolsOfTheMix() throws Exception {
        Needs.tool("tshark");
        Path file = Files.write(folder.resolve("mix.pcap"), pcap(TrafficGenerator.mix(1), true));
        List<String> filters =
                List.of(
                        "http.response.code == 200",
                        "http.transfer_encoding == \"chunked\"",
                        "dns.flags.rcode == 3",
                        "dns and tcp",
                        "tls.handshake.extensions_server_name == \"shop.example.com\"",
                        "tls.handshake.extensions_alpn_str == \"h2\"",
                        "tls.handshake.type == 2",
                        "tcp.analysis.retransmission",
                        "tcp.analysis.fast_retransmission",
                        "tcp.flags.reset == 1",
                        "ipv6 and tls",
                        "vlan.id == 20",
                        "ieee8021ad",
                        "vxlan and http",
                        "icmp.type == 3",
                        "icmpv6.type == 135",
                        "ip.flags.mf == 1",
                        "arp",
                        "ntp");
        // One reading of the file counts them all, in a table with two columns for each filter.
        List<String> table =
                Tools.lines(
                        "tshark",
                        "-q",
                        "-r",
                        file.toString(),
                        "-z",
                        "io,stat,0," + String.join(",", filters));
        String row = table.stream().filter(line -> line.contains("<>")).findFirst().orElseThrow();
        String[] cells = row.replaceFirst("^\\|[^|]*\\|", "").split("\\|", -1);
        for (int i = 0; i < filters.size(); i++) {
            long frames = Long.parseLong(cells[2 * i].strip());
            assertTrue(frames > 0, filters.get(i) + " in " + row);
        }
    }

    @Test
    void theNumbersAddUp() {
        try (var generator = TrafficGenerator.of(everything().build())) {
            long delivered = generator.forEachBatch((memory, descriptors, count) -> {});
            TrafficCounts counts = generator.counts();
            assertEquals(12_000, counts.sent());
            assertEquals(300, counts.flows());
            assertEquals(counts.captured(), delivered);
            assertEquals(delivered, generator.statistics().packets());
            assertTrue(counts.lost() > 60 && counts.lost() < 180, counts.toString());
            assertTrue(counts.duplicated() > 450 && counts.duplicated() < 750, counts.toString());
            assertTrue(counts.reordered() > 450 && counts.reordered() < 750, counts.toString());
            assertTrue(counts.retransmitted() > 200, counts.toString());
        }
    }

    @Test
    void everyFlowHasItsOwnTupleAndItsShareOfPackets() {
        var spec = TrafficSpec.builder().flows(70_000).packets(140_000).payload(0, 0);
        var tuples = new HashSet<String>();
        try (var generator = TrafficGenerator.of(spec.concurrentFlows(500).build())) {
            generator.forEach(
                    (memory, offset, captured, length, time) -> {
                        var ip = ValueLayout.JAVA_INT_UNALIGNED;
                        int from = memory.get(ip, offset + 26);
                        int to = memory.get(ip, offset + 30);
                        int ports = memory.get(ip, offset + 34);
                        boolean forth = (from & 0xFF) == 10;
                        tuples.add(
                                forth
                                        ? from + " " + to + " " + ports
                                        : to + " " + from + " " + Integer.rotateLeft(ports, 16));
                    });
        }
        assertEquals(70_000, tuples.size());
    }

    @Test
    void timeNeverGoesBack() {
        long[] last = {Long.MIN_VALUE};
        try (var generator = TrafficGenerator.of(everything().build())) {
            generator.forEachBatch(
                    (memory, descriptors, count) -> {
                        for (int i = 0; i < count; i++) {
                            long time =
                                    descriptors.get(
                                            ValueLayout.JAVA_LONG,
                                            (long) i * PacketDescriptor.BYTES
                                                    + PacketDescriptor.TIMESTAMP);
                            assertTrue(time >= last[0]);
                            last[0] = time;
                        }
                    });
        }
    }

    @Test
    void stopEndsTheReading() {
        var generator = TrafficGenerator.of(TrafficSpec.builder().packets(100_000).build());
        long delivered = generator.forEachBatch((m, d, n) -> generator.stop());
        assertTrue(delivered > 0 && delivered < 100_000);
        generator.close();
        generator.close();
        assertThrows(IllegalStateException.class, () -> generator.forEach((m, o, c, l, t) -> {}));
    }

    @Test
    void allMistakesOfASpecificationAreNamedAtOnce() {
        var mistake =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                TrafficSpec.builder()
                                        .flows(0)
                                        .payload(5, 10_000)
                                        .lossShare(1.5)
                                        .build());
        assertTrue(mistake.getMessage().contains("flows: "), mistake.getMessage());
        assertTrue(mistake.getMessage().contains("payloadMost: ≤ 8900, was 10000"));
        assertTrue(mistake.getMessage().contains("lossShare: from 0 to 1, was 1.5"));
    }
}
