package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

@Execution(ExecutionMode.CONCURRENT)
class StreamsCommandTest {
    private static final List<String> FIELDS =
            List.of(
                    "src",
                    "src_port",
                    "dst",
                    "dst_port",
                    "side",
                    "length",
                    "sha256",
                    "gap_bytes",
                    "gaps",
                    "duplicate_bytes",
                    "conflict_bytes",
                    "complete");

    @TempDir Path folder;
    private Path sample;

    @BeforeEach
    void findSample() {
        sample = Needs.project().resolve("samples/sample.pcap");
    }

    private List<Map<String, Object>> ndjson(Object... options) {
        Object[] args =
                Stream.concat(Stream.of("streams", "--format", "ndjson"), Stream.of(options))
                        .toArray();
        Run run = Run.of(args);
        assertEquals(0, run.code(), run.err());
        return Json.lines(run.out());
    }

    @Test
    void jsonLinesHaveTheFieldsOfTheContractInItsOrder() {
        List<Map<String, Object>> streams = ndjson(sample);
        assertFalse(streams.isEmpty());
        for (Map<String, Object> stream : streams) {
            assertEquals(FIELDS, List.copyOf(stream.keySet()));
        }
        assertEquals("file", ndjson(sample, sample).getFirst().keySet().iterator().next());
    }

    @Test
    void everyFlowOfTcpHasTwoDirections() {
        long flows =
                Json.lines(Run.of("flows", "--format", "ndjson", sample).out()).stream()
                        .filter(f -> f.get("proto").equals("tcp"))
                        .count();
        Map<Object, Long> sides =
                ndjson(sample).stream()
                        .collect(Collectors.groupingBy(s -> s.get("side"), Collectors.counting()));
        assertEquals(Map.of("initiator", flows, "responder", flows), sides);
    }

    @Test
    void extractedFilesHaveTheLengthAndTheHashThatIsPrinted() throws Exception {
        Path target = folder.resolve("new/streams");
        List<String> printed =
                ndjson("--extract", target, sample).stream()
                        .filter(s -> !s.get("length").equals(BigDecimal.ZERO))
                        .map(s -> s.get("length") + " " + s.get("sha256"))
                        .sorted()
                        .toList();
        assertTrue(printed.size() > 10);
        try (Stream<Path> files = Files.list(target)) {
            assertEquals(printed, files.map(StreamsCommandTest::hashed).sorted().toList());
        }
    }

    private static String hashed(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return bytes.length + " " + HexFormat.of().formatHex(hash);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void streamsOfSeveralInputsAreInFoldersOfTheirOwn() throws Exception {
        ndjson("--extract", folder, sample, sample);
        try (Stream<Path> folders = Files.list(folder)) {
            assertEquals(
                    List.of("1-sample.pcap", "2-sample.pcap"),
                    folders.map(f -> f.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsOneSentence() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Run run = Run.of("streams", "--extract", file.resolve("below"), sample);
        assertEquals(1, run.code());
        assertTrue(run.err().startsWith("flowscope: cannot write streams to "), run.err());
        assertFalse(run.err().contains("Exception"), run.err());
    }

    @Test
    void theTableShowsTheLongestAndSaysHowManyThereAre() {
        int all = ndjson(sample).size();
        Run run = Run.of("streams", "--top", 3, sample);
        assertEquals(4, run.out().lines().count(), run.out());
        assertTrue(run.err().contains((all - 3) + " more streams; --top 0 shows all"), run.err());
        assertEquals(all + 1, Run.of("streams", "--top", 0, sample).out().lines().count());
    }

    @Test
    void aCaptureOfWhichPartsAreMissingSaysWhere() {
        Path file = folder.resolve("lossy.pcap");
        Run.of(
                "generate",
                "--flows",
                20,
                "--packets",
                4_000,
                "--payload",
                "500",
                "--udp",
                0,
                "--loss",
                "2%",
                "-w",
                file);
        List<Map<String, Object>> streams = ndjson(file);
        assertTrue(streams.stream().anyMatch(s -> !s.get("gaps").equals(BigDecimal.ZERO)));
        for (Map<String, Object> stream : streams) {
            boolean gaps = !stream.get("gaps").equals(BigDecimal.ZERO);
            assertEquals(gaps, !stream.get("gap_bytes").equals(BigDecimal.ZERO));
            assertFalse(gaps && stream.get("complete").equals(true), stream.toString());
        }
    }
}
