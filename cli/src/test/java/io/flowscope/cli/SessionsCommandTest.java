package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

@Execution(ExecutionMode.CONCURRENT)
class SessionsCommandTest {
    private static final List<String> TUPLE =
            List.of("protocol", "src", "src_port", "dst", "dst_port", "time");
    private static final Map<Object, List<String>> FIELDS =
            Map.of(
                    "dns",
                    List.of("id", "query", "type", "rcode", "answers", "latency_us"),
                    "http",
                    List.of(
                            "method",
                            "host",
                            "path",
                            "status",
                            "version",
                            "request_body_sha256",
                            "response_body_sha256",
                            "request_body_length",
                            "response_body_length"),
                    "tls",
                    List.of("sni", "alpn", "versions", "ja3", "ja4", "version", "cipher"));

    @TempDir Path folder;
    private Path sample;

    @BeforeEach
    void findSample() {
        sample = Needs.project().resolve("samples/sample.pcap");
    }

    private static List<Map<String, Object>> ndjson(Object... options) {
        Object[] args =
                Stream.concat(Stream.of("sessions", "--format", "ndjson"), Stream.of(options))
                        .toArray();
        Run run = Run.of(args);
        assertEquals(0, run.code(), run.err());
        return Json.lines(run.out());
    }

    @Test
    void jsonLinesHaveTheFieldsOfTheContractInItsOrder() {
        List<Map<String, Object>> messages = ndjson(sample);
        for (Map<String, Object> message : messages) {
            List<String> fields = List.copyOf(message.keySet());
            assertEquals(TUPLE, fields.subList(0, TUPLE.size()));
            List<String> own = fields.subList(TUPLE.size(), fields.size());
            List<String> contract = FIELDS.get(message.get("protocol"));
            assertEquals(contract.stream().filter(own::contains).toList(), own);
        }
        assertEquals(
                List.of("dns", "http", "tls"),
                messages.stream()
                        .map(m -> m.get("protocol").toString())
                        .distinct()
                        .sorted()
                        .toList());
        assertEquals("file", ndjson(sample, sample).getFirst().keySet().iterator().next());
    }

    @Test
    void everyProtocolSaysAllThatItsContractNames() {
        for (Map.Entry<Object, List<String>> protocol : FIELDS.entrySet()) {
            List<String> seen =
                    ndjson(sample).stream()
                            .filter(m -> m.get("protocol").equals(protocol.getKey()))
                            .flatMap(m -> m.keySet().stream())
                            .distinct()
                            .toList();
            List<String> unseen =
                    protocol.getValue().stream()
                            .filter(f -> !seen.contains(f) && !f.equals("request_body_sha256"))
                            .toList();
            assertEquals(List.of(), unseen, protocol.getKey() + " in the sample");
        }
    }

    @Test
    void theTableShowsTheFirstAndSaysHowManyThereAre() {
        int all = ndjson(sample).size();
        Run run = Run.of("sessions", "--top", 3, sample);
        assertEquals(4, run.out().lines().count(), run.out());
        assertTrue(run.err().contains((all - 3) + " more messages; --top 0 shows all"), run.err());
        assertEquals(all + 1, Run.of("sessions", "--top", 0, sample).out().lines().count());
        assertEquals(2, Run.of("sessions", "--top", -1, sample).code());
    }

    @Test
    void aFilterLeavesOneProtocol() {
        List<Map<String, Object>> messages = ndjson("-f", "udp port 53", sample);
        assertFalse(messages.isEmpty());
        assertTrue(messages.stream().allMatch(m -> m.get("protocol").equals("dns")));
    }

    @Test
    void severalFilesAreSeparateUnlessMerged() {
        int one = ndjson(sample).size();
        List<Map<String, Object>> two = ndjson(sample, sample);
        assertEquals(2 * one, two.size());
        assertTrue(two.stream().allMatch(m -> m.get("file").equals(sample.toString())));
        assertTrue(
                ndjson("--merge", sample, sample).stream().noneMatch(m -> m.containsKey("file")));
    }

    @Test
    void aTruncatedTailIsAWarningAndAMissingFileAFailureThatPrintsTheRest() throws Exception {
        byte[] bytes = Files.readAllBytes(sample);
        Path cut = folder.resolve("cut.pcap");
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 7));
        Run run = Run.of("sessions", "--format", "ndjson", cut);
        assertEquals(0, run.code());
        assertTrue(run.err().contains("warning: "), run.err());
        assertFalse(run.out().isEmpty());
        Run missing = Run.of("sessions", "--format", "ndjson", folder.resolve("none"), sample);
        assertEquals(1, missing.code());
        assertEquals(ndjson(sample).size(), Json.lines(missing.out()).size());
    }

    @Test
    void theSummaryCanBeJson() {
        Run run = Run.of("sessions", "--summary", "json", sample);
        assertEquals(192L, Long.parseLong(Json.lines(run.err()).getFirst().get("packets") + ""));
    }
}
