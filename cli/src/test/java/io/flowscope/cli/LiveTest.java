package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.CaptureFile;
import io.flowscope.capture.PcapCapture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Capturing and replaying between two interfaces of the test's own. */
@Tag("slow")
class LiveTest {
    private static final int SAMPLE_PACKETS = 192;

    @TempDir Path folder;
    private Path sample;
    private TestNetwork network;

    @BeforeEach
    void connect() throws Exception {
        sample = Needs.project().resolve("samples/sample.pcap");
        network = TestNetwork.create();
    }

    @AfterEach
    void disconnect() throws Exception {
        if (network != null) {
            network.close();
        }
    }

    private void replaySample(Object... options) throws Exception {
        Object[] args =
                Stream.concat(Stream.of("replay", "-i", "v0", sample), Stream.of(options))
                        .toArray();
        Run run = network.run(args);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().contains("192 packets sent on v0"), run.err());
    }

    private static TreeSet<String> flows(String ndjson) {
        TreeSet<String> flows = new TreeSet<>();
        for (Map<String, Object> flow : Json.lines(ndjson)) {
            flows.add(
                    "%s %s %s %s %s %s %s"
                            .formatted(
                                    flow.get("proto"),
                                    flow.get("src"),
                                    flow.get("src_port"),
                                    flow.get("dst"),
                                    flow.get("dst_port"),
                                    flow.get("packets_initiator"),
                                    flow.get("packets_responder")));
        }
        return flows;
    }

    private TreeSet<String> sampleFlows(Object... options) {
        Object[] args =
                Stream.concat(Stream.of("flows", "--format", "ndjson", sample), Stream.of(options))
                        .toArray();
        return flows(Run.of(args).out());
    }

    private Live flowsOf(String name, String format, String... more) throws Exception {
        Stream<String> line = Stream.of("flows", "-i", name, "--format", format);
        return network.start(Stream.concat(line, Stream.of(more)).toArray());
    }

    @Test
    void flowsOfAnInterfaceAreThoseOfTheFileThatWasReplayed() throws Exception {
        try (Live live = flowsOf("v1", "ndjson")) {
            replaySample("--speed", "0");
            Run run = live.interrupt();
            assertEquals(130, run.code(), run.err());
            assertEquals(sampleFlows(), flows(run.out()));
            assertTrue(run.err().contains("192 packets"), run.err());
            assertFalse(run.err().contains("Exception"), run.err());
        }
    }

    @Test
    void idleFlowsEndThoughNoPacketComes() throws Exception {
        try (Live live = flowsOf("v1", "ndjson", "--idle", "udp=1s,tcp=1s,other=1s")) {
            replaySample("--speed", "0");
            live.awaitOutput("\"reason\":\"idle\"");
            assertEquals(130, live.interrupt().code());
        }
    }

    @Test
    void recordsOfAMessageDoNotWaitForMore() throws Exception {
        try (Live live = flowsOf("v1", "ipfix", "--idle", "udp=1s", "-f", "udp port 53")) {
            replaySample("--speed", "0");
            live.awaitOutput("\0\n"); // a message begins with its version, 10
            assertEquals(130, live.interrupt().code());
        }
    }

    @Test
    void theFilterOfAnInterfaceIsThatOfAFile() throws Exception {
        try (Live live = flowsOf("v1", "ndjson", "-f", "udp port 53")) {
            replaySample("--speed", "0");
            Run run = live.interrupt();
            TreeSet<String> expected = sampleFlows("-f", "udp port 53");
            assertFalse(expected.isEmpty());
            assertEquals(expected, flows(run.out()));
        }
    }

    @Test
    void allInterfacesTogetherAreReadThroughLibpcap() throws Exception {
        Needs.that(PcapCapture.isAvailable(), "libpcap is not installed");
        try (Live live = flowsOf("any", "ndjson")) {
            replaySample("--speed", "0");
            Run run = live.interrupt();
            assertEquals(130, run.code(), run.err());
            // Each packet is there twice: as it leaves v0 and as it comes to v1.
            TreeSet<String> found = flows(run.out());
            assertEquals(sampleFlows().size(), found.size(), found::toString);
        }
    }

    @Test
    void aCaptureEndsAfterSoManyPacketsAndHoldsThem() throws Exception {
        Path file = folder.resolve("x.pcapng.gz");
        try (Live live =
                network.start(
                        "capture", "-i", "v1", "-w", file, "--count", 100, "--summary", "json")) {
            replaySample("--speed", "0");
            Run run = live.end();
            assertEquals(0, run.code(), run.err());
            String last = run.err().lines().toList().getLast();
            Map<String, Object> summary = Json.lines(last).get(0);
            assertEquals(new BigDecimal(100), summary.get("packets"));
            assertEquals(new BigDecimal(0), summary.get("dropped"));
            assertEquals(new BigDecimal(1), summary.get("files"));
        }
        try (CaptureFile capture = CaptureFile.open(file)) {
            capture.forEachBatch((memory, descriptors, count) -> {});
            assertEquals("v1", capture.notes().interfaces().getFirst().name());
            assertEquals(0, capture.notes().interfaceStatistics().getFirst().droppedBySystem());
        }
        Run back = Run.of("flows", file);
        assertEquals(0, back.code(), back.err());
        assertTrue(back.err().contains("100 packets"), back.err());
    }

    @Test
    void aCaptureThatIsInterruptedHoldsEveryPacket() throws Exception {
        Path file = folder.resolve("x.pcap");
        try (Live live = network.start("capture", "-i", "v1", "-w", file)) {
            replaySample("--speed", "0");
            Run run = live.interrupt();
            assertEquals(130, run.code(), run.err());
            assertTrue(run.err().contains("192 packets to " + file), run.err());
            assertTrue(run.err().contains("0 dropped"), run.err());
        }
        assertEquals(sampleFlows(), flows(Run.of("flows", "--format", "ndjson", file).out()));
        // Nanoseconds, little-endian.
        assertEquals(0x4d, Files.readAllBytes(file)[0]);
        assertEquals((byte) 0x3c, Files.readAllBytes(file)[1]);
    }

    @Test
    void ofASeriesOfFilesTheLastOnesAreKept() throws Exception {
        try (Live live =
                network.start(
                        "capture",
                        "-i",
                        "v1",
                        "-w",
                        folder.resolve("x.pcapng"),
                        "--file-count",
                        50,
                        "--files",
                        2)) {
            replaySample("--speed", "0");
            assertEquals(130, live.interrupt().code());
        }
        Path third = folder.resolve("x-00002.pcapng");
        Path fourth = folder.resolve("x-00003.pcapng");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(third, fourth), files.sorted().toList());
        }
        assertTrue(Run.of("flows", third).err().contains("50 packets"));
        assertTrue(Run.of("flows", fourth).err().contains("42 packets"));
    }

    @Test
    void aCaptureEndsWhenItsTimeIsOverThoughNoPacketCame() throws Exception {
        Path file = folder.resolve("x.pcapng");
        Run run = network.run("capture", "-i", "v1", "-w", file, "--duration", "300ms");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().contains("0 packets to"), run.err());
        assertEquals(0, Run.of("flows", file).code());
    }

    @Test
    void aFullDiskEndsACaptureWithOneSentence() throws Exception {
        Needs.file("/dev/full");
        try (Live live = network.start("capture", "-i", "v1", "-w", "/dev/full")) {
            replaySample("--pps", "100");
            Run run = live.end();
            assertEquals(1, run.code(), run.err());
            assertTrue(run.err().contains("/dev/full cannot be written: "), run.err());
            assertTrue(run.err().contains(" packets, not all of them in /dev/full"), run.err());
            assertEquals(3, run.err().lines().count(), run.err());
        }
    }

    @Test
    void aCaptureOnStandardOutputIsSeenWhenItComes() throws Exception {
        try (Live live = network.start("capture", "-i", "v1", "-w", "-", "-f", "udp port 53")) {
            replaySample("--speed", "0");
            live.awaitOutput("example");
            assertEquals(130, live.interrupt().code());
        }
    }

    @Test
    void aReaderOfACaptureMayGoAway() throws Exception {
        Process process =
                new ProcessBuilder(
                                network.inside(
                                        List.of(
                                                "sh",
                                                "-c",
                                                "{ "
                                                        + quoted(
                                                                Run.forked(
                                                                        "capture", "-i", "v1", "-w",
                                                                        "-"))
                                                        + "; echo \"code $?\" >&2; }"
                                                        + " | head -c 24 >/dev/null")))
                        .start();
        // The replay goes on until the capture has failed.
        try (Live sender =
                Live.begin(
                        network.inside(
                                Run.forked(
                                        "replay", "-i", "v0", sample, "--pps", "100", "--loop",
                                        "0")))) {
            Run run = Run.end(process);
            assertTrue(run.err().endsWith("code 1\n"), run.err());
            assertFalse(run.err().contains("Exception"), run.err());
            Run sent = sender.interruptAtWork();
            assertEquals(130, sent.code(), sent.err());
            assertTrue(sent.err().contains(" packets sent on v0"), sent.err());
        }
    }

    private static String quoted(List<String> command) {
        return String.join(" ", command.stream().map(w -> "'" + w + "'").toList());
    }

    @Test
    void aReplayKeepsItsOwnTimeOrAnyOther() throws Exception {
        // The sample takes about 2.2 seconds.
        assertTrue(seconds() > 2, "own timing");
        assertTrue(seconds("--speed", "4") > 0.5, "four times as fast");
        double paced = seconds("--pps", "1000");
        // A busy machine may keep one or another waiting.
        for (int again = 0; again < 4 && paced >= 1; again++) {
            paced = seconds("--pps", "1000");
        }
        assertTrue(paced > 0.15 && paced < 1, "1000 packets per second took " + paced);
    }

    private double seconds(Object... options) throws Exception {
        Object[] args =
                Stream.concat(
                                Stream.of("replay", "-i", "v0", sample, "--summary", "json"),
                                Stream.of(options))
                        .toArray();
        Run run = network.run(args);
        assertEquals(0, run.code(), run.err());
        Map<String, Object> summary = Json.lines(run.err()).get(0);
        assertEquals(new BigDecimal(SAMPLE_PACKETS), summary.get("packets"));
        return ((BigDecimal) summary.get("seconds")).doubleValue();
    }

    @Test
    void whatIsOfAnotherLinkTypeIsNotSent() throws Exception {
        byte[] bytes = Files.readAllBytes(sample);
        bytes[20] = 101; // raw IP
        Path file = Files.write(folder.resolve("raw.pcap"), bytes);
        Run run = network.run("replay", "-i", "v0", file);
        assertEquals(1, run.code(), run.err());
        assertTrue(run.err().contains("another link type"), run.err());
    }

    @Test
    void withoutTheRightOneSentenceNamesIt() throws Exception {
        Needs.tool("setpriv");
        for (List<String> command :
                List.of(
                        Run.forked("flows", "-i", "v1"),
                        Run.forked("capture", "-i", "v1", "-w", folder.resolve("x.pcap")),
                        Run.forked("replay", "-i", "v1", sample))) {
            Run run =
                    Run.process(
                            new ProcessBuilder(
                                    network.inside(
                                            Stream.concat(
                                                            Stream.of(
                                                                    "setpriv",
                                                                    "--bounding-set=-net_raw"),
                                                            command.stream())
                                                    .toList())));
            assertEquals(1, run.code(), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(run.err().contains("CAP_NET_RAW"), run.err());
        }
        assertFalse(Files.exists(folder.resolve("x.pcap")));
    }
}
