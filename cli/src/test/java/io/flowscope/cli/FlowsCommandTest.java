package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

@Execution(ExecutionMode.CONCURRENT)
class FlowsCommandTest {
    private static final List<String> FIELDS =
            List.of(
                    "proto",
                    "src",
                    "src_port",
                    "dst",
                    "dst_port",
                    "packets_initiator",
                    "packets_responder",
                    "bytes_initiator",
                    "bytes_responder",
                    "payload_initiator",
                    "payload_responder",
                    "started",
                    "last_seen",
                    "reason",
                    "state",
                    "history",
                    "retransmits_initiator",
                    "retransmits_responder",
                    "rtt_min_us",
                    "rtt_mean_us",
                    "community_id",
                    "vlan",
                    "tunnel");
    private static final List<String> SOMETIMES =
            List.of("src_port", "dst_port", "rtt_min_us", "rtt_mean_us", "vlan", "tunnel");

    @TempDir Path folder;
    private Path sample;

    @BeforeEach
    void findSample() {
        sample = Needs.project().resolve("samples/sample.pcap");
    }

    private static List<Map<String, Object>> ndjson(Object... args) {
        Run run = Run.of(with(args, "--format", "ndjson"));
        assertEquals(0, run.code(), run.err());
        return Json.lines(run.out());
    }

    private static Object[] with(Object[] first, Object... more) {
        List<Object> all = new ArrayList<>(List.of("flows"));
        all.addAll(Arrays.asList(first));
        all.addAll(Arrays.asList(more));
        return all.toArray();
    }

    private static long sum(Map<String, Object> flow, String field) {
        return ((BigDecimal) flow.get(field + "_initiator")).longValueExact()
                + ((BigDecimal) flow.get(field + "_responder")).longValueExact();
    }

    @Test
    void jsonLinesHaveTheFieldsOfTheContractInItsOrder() {
        List<Map<String, Object>> flows = ndjson(sample);
        assertTrue(flows.size() > 20);
        for (Map<String, Object> flow : flows) {
            List<String> expected = new ArrayList<>(FIELDS);
            expected.removeIf(f -> SOMETIMES.contains(f) && !flow.containsKey(f));
            assertEquals(expected, List.copyOf(flow.keySet()));
            boolean ports = !flow.get("proto").toString().startsWith("icmp");
            assertEquals(ports, flow.containsKey("src_port"), flow.toString());
            assertEquals(ports, flow.containsKey("dst_port"), flow.toString());
            assertTrue(flow.get("started").toString().matches("\\d+\\.\\d{9}"));
            assertTrue(flow.get("last_seen").toString().matches("\\d+\\.\\d{9}"));
            assertTrue(flow.get("community_id").toString().matches("1:[A-Za-z0-9+/]{27}="));
        }
        for (String field : SOMETIMES) {
            assertTrue(flows.stream().anyMatch(f -> f.containsKey(field)), field);
            assertTrue(flows.stream().anyMatch(f -> !f.containsKey(field)), field);
        }
    }

    @Test
    void aFilterLeavesTheFlowsThatMatch() {
        List<Map<String, Object>> matching =
                ndjson(sample).stream()
                        .filter(f -> f.get("proto").equals("udp"))
                        .filter(f -> f.get("dst_port").equals(new BigDecimal(53)))
                        // As tcpdump's language has it, unless it says "vlan": the frame's own IP.
                        .filter(f -> !f.containsKey("vlan") && !f.containsKey("tunnel"))
                        .toList();
        assertFalse(matching.isEmpty());
        assertEquals(matching, ndjson(sample, "-f", "udp port 53"));
        assertEquals(matching, ndjson(sample, "-f", "udp and not port 123 and port 53"));
    }

    @Test
    void aWrongFilterIsOneSentenceHoweverManyFilesThereAre() {
        Run run = Run.of("flows", "-f", "tcp prt 80", sample, sample);
        assertEquals(1, run.code());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains("at character 5"), run.err());
    }

    @Test
    void twoRunsGiveTheSameBytes() {
        for (String format : List.of("table", "ndjson", "csv", "zeek", "zeek-json")) {
            String first = Run.of("flows", "--format", format, sample).out();
            assertFalse(first.isEmpty());
            assertEquals(first, Run.of("flows", "--format", format, sample).out(), format);
        }
    }

    @Test
    void everyFormatTellsOfTheSameFlows() {
        int flows = ndjson(sample).size();
        long csv = Run.of("flows", "--format", "csv", sample).out().lines().count() - 1;
        long table = Run.of("flows", "--top", 0, sample).out().lines().count() - 1;
        long zeek =
                Run.of("flows", "--format", "zeek", sample)
                        .out()
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .count();
        assertEquals(List.of(flows, flows, flows), List.of((int) csv, (int) table, (int) zeek));
        assertEquals(
                flows, Json.lines(Run.of("flows", "--format", "zeek-json", sample).out()).size());
    }

    @Test
    void csvReadsBackAsTheJsonLinesDo() {
        List<Map<String, Object>> flows = ndjson(sample, sample);
        List<String> lines =
                Run.of("flows", "--format", "csv", sample, sample).out().lines().toList();
        List<String> heading = List.of(lines.get(0).split(",", -1));
        assertEquals("file", heading.get(0));
        assertEquals(FIELDS, heading.subList(1, heading.size()));
        for (int i = 0; i < flows.size(); i++) {
            String[] cells = lines.get(i + 1).split(",", -1);
            assertEquals(heading.size(), cells.length);
            for (int j = 0; j < cells.length; j++) {
                Object expected = flows.get(i).getOrDefault(heading.get(j), "");
                assertEquals(expected.toString(), cells[j], heading.get(j));
            }
        }
    }

    @Test
    void csvQuotesANameThatNeedsIt() throws Exception {
        Path odd = Files.copy(sample, folder.resolve("a,\"b\".pcap"));
        String line = Run.of("flows", "--format", "csv", odd, sample).out().lines().toList().get(1);
        String name = odd.toString().replace("\"", "\"\"");
        assertTrue(line.startsWith('"' + name + "\","), line);
    }

    @Test
    void zeeksTwoFormsAgreeAndFollowTheirHeadings() {
        List<Map<String, Object>> json =
                Json.lines(Run.of("flows", "--format", "zeek-json", sample).out());
        List<String> lines = Run.of("flows", "--format", "zeek", sample).out().lines().toList();
        assertEquals("#separator \\x09", lines.get(0));
        List<String> fields = columns(lines, "#fields");
        List<String> types = columns(lines, "#types");
        assertEquals(fields.size(), types.size());
        List<String> rows = lines.stream().filter(l -> !l.startsWith("#")).toList();
        assertTrue(lines.get(lines.size() - 1).startsWith("#close\t20"));
        assertEquals(json.size(), rows.size());
        for (int i = 0; i < rows.size(); i++) {
            String[] cells = rows.get(i).split("\t", -1);
            assertEquals(fields.size(), cells.length);
            for (int j = 0; j < cells.length; j++) {
                Object expected = json.get(i).getOrDefault(fields.get(j), "-");
                String text = expected instanceof Boolean b ? b ? "T" : "F" : expected.toString();
                assertEquals(text, cells[j], fields.get(j));
                if (types.get(j).equals("count") && !cells[j].equals("-")) {
                    assertTrue(Long.parseLong(cells[j]) >= 0);
                }
            }
        }
        assertEquals(json.size(), json.stream().map(r -> r.get("uid")).distinct().count());
    }

    @Test
    void zeeksServiceIsTheProtocolThatWasRead() {
        List<Map<String, Object>> json =
                Json.lines(Run.of("flows", "--format", "zeek-json", sample).out());
        for (Map<String, Object> flow : json) {
            Object expected =
                    switch (flow.get("id.resp_p").toString()) {
                        case "53" -> "dns";
                        case "80", "8080" -> "http";
                        case "443" -> "ssl";
                        default -> null;
                    };
            if (expected != null && flow.containsKey("service")) {
                assertEquals(expected, flow.get("service"));
            }
        }
        assertEquals(
                List.of("dns", "http", "ssl"),
                json.stream()
                        .map(flow -> flow.get("service"))
                        .filter(Objects::nonNull)
                        .map(Object::toString)
                        .distinct()
                        .sorted()
                        .toList());
    }

    private static List<String> columns(List<String> lines, String heading) {
        String line = lines.stream().filter(l -> l.startsWith(heading)).findFirst().orElseThrow();
        return List.of(line.substring(heading.length() + 1).split("\t", -1));
    }

    @Test
    void tablesAreSortedByBytesAndSayWhatTheyLeaveOut() {
        Run run = Run.of("flows", "--top", 5, sample);
        assertEquals(6, run.out().lines().count());
        int all = ndjson(sample).size();
        assertTrue(run.err().contains((all - 5) + " more flows; --top 0 shows all"), run.err());
        assertEquals(21, Run.of("flows", sample).out().lines().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes", "packets", "payload", "retransmits"})
    void sortingPutsTheMostFirstAndTopCutsTheRest(String key) {
        List<Long> all = ndjson(sample).stream().map(f -> sum(f, key)).toList();
        List<Long> expected =
                all.stream().sorted(Comparator.<Long>naturalOrder().reversed()).toList();
        List<Long> sorted = ndjson(sample, "--sort", key).stream().map(f -> sum(f, key)).toList();
        assertEquals(expected, sorted);
        List<Long> top =
                ndjson(sample, "--sort", key, "--top", 7).stream().map(f -> sum(f, key)).toList();
        assertEquals(expected.subList(0, 7), top);
    }

    @Test
    void severalFilesAreInputsOfTheirOwnWithTheFileInFront() {
        List<Map<String, Object>> once = ndjson(sample);
        List<Map<String, Object>> twice = ndjson(sample, sample);
        assertEquals(2 * once.size(), twice.size());
        assertEquals("file", twice.get(0).keySet().iterator().next());
        assertEquals(sample.toString(), twice.get(0).get("file"));
    }

    @Test
    void mergedFilesAreOneInputInTheOrderOfTime() {
        List<Map<String, Object>> once = ndjson(sample, "--no-timeouts");
        List<Map<String, Object>> merged = ndjson("--merge", sample, sample, "--no-timeouts");
        assertFalse(merged.get(0).containsKey("file"));
        long packets = once.stream().mapToLong(f -> sum(f, "packets")).sum();
        assertEquals(2 * packets, merged.stream().mapToLong(f -> sum(f, "packets")).sum());
        assertEquals(
                once.stream().filter(f -> f.get("proto").equals("udp")).count(),
                merged.stream().filter(f -> f.get("proto").equals("udp")).count());
    }

    @Test
    void aCompressedFileGivesTheSameFlows() throws Exception {
        Path zipped = folder.resolve("sample.pcap.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            Files.copy(sample, out);
        }
        assertEquals(ndjson(sample), ndjson(zipped));
    }

    @Test
    void idleTimesEndFlowsAndNoTimeoutsKeepsThem() {
        assertEquals(ndjson(sample, "--no-timeouts").size(), ndjson(sample).size());
        List<Map<String, Object>> impatient = ndjson(sample, "--idle", "tcp=1ms,udp=1ms,other=1ms");
        assertTrue(impatient.stream().anyMatch(f -> f.get("reason").equals("idle")));
        assertTrue(impatient.size() > ndjson(sample).size());
    }

    @Test
    void theOutermostLayerShowsTunnelsInsteadOfWhatIsInThem() {
        assertTrue(ndjson(sample).stream().anyMatch(f -> "vxlan".equals(f.get("tunnel"))));
        List<Map<String, Object>> outer = ndjson(sample, "--layer", "outermost");
        assertTrue(outer.stream().noneMatch(f -> f.containsKey("tunnel")));
        assertTrue(outer.stream().anyMatch(f -> "4789".equals(String.valueOf(f.get("dst_port")))));
    }

    @Test
    void theSummaryIsOneLineOnStandardError() {
        Run text = Run.of("flows", sample, "--top", 0);
        assertEquals(1, text.err().lines().count(), text.err());
        assertTrue(text.err().startsWith("flowscope: 192 packets, 53 kB, "), text.err());
        Run json = Run.of("flows", sample, "--top", 0, "--summary", "json");
        Map<String, Object> fields = Json.lines(json.err()).get(0);
        assertEquals(
                List.of(
                        "packets",
                        "bytes",
                        "unmatched",
                        "dropped",
                        "flows",
                        "evicted",
                        "seconds",
                        "packets_per_second"),
                List.copyOf(fields.keySet()));
        assertEquals(BigDecimal.valueOf(192), fields.get("packets"));
        assertEquals("", Run.of("flows", sample, "--top", 0, "--summary", "none").err());
        assertEquals(text.out(), json.out());
    }

    @Test
    void aFullTableIsToldInTheSummary() {
        Run run = Run.of("flows", "--max-flows", 4, "--format", "ndjson", sample);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("\"reason\":\"evicted\""), run.out());
        assertTrue(run.err().contains(" evicted, see --max-flows)"), run.err());
    }

    @Test
    void aLargeTableGivesTheSameFlows() {
        assertEquals(ndjson(sample), ndjson(sample, "--max-flows", 1_000_000));
    }

    @Test
    void packetsOfFlowsAndUnmatchedOnesAddUpToTheSummary() {
        Run run = Run.of("flows", "--format", "ndjson", "--summary", "json", sample);
        Map<String, Object> summary = Json.lines(run.err()).get(0);
        long matched = Json.lines(run.out()).stream().mapToLong(f -> sum(f, "packets")).sum();
        long unmatched = ((BigDecimal) summary.get("unmatched")).longValueExact();
        assertEquals(BigDecimal.valueOf(matched + unmatched), summary.get("packets"));
    }

    @Test
    void whatIsNoCaptureIsOneSentenceAndNoOutput() throws Exception {
        Path text = Files.writeString(folder.resolve("notes.txt"), "not a capture at all\n");
        Path empty = Files.createFile(folder.resolve("empty.pcap"));
        for (Path bad : List.of(text, empty, folder, folder.resolve("missing.pcap"))) {
            Run run = Run.of("flows", bad);
            assertEquals(1, run.code(), bad.toString());
            assertEquals("", run.out(), bad.toString());
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(run.err().startsWith("flowscope: "), run.err());
            assertTrue(run.err().contains(bad.toString()), run.err());
            assertFalse(run.err().contains("Exception"), run.err());
        }
    }

    @Test
    void aFileThatCannotBeReadDoesNotKeepTheOthersBack() {
        Path missing = folder.resolve("missing.pcap");
        for (String merge : List.of("--merge", "--no-timeouts")) {
            Run run = Run.of("flows", merge, "--format", "ndjson", missing, sample);
            assertEquals(1, run.code());
            assertEquals(ndjson(sample).size(), Json.lines(run.out()).size());
            assertTrue(run.err().contains(missing.toString()), run.err());
        }
    }

    @Test
    void aTruncatedTailIsAWarning() throws Exception {
        byte[] whole = Files.readAllBytes(sample);
        Path cut = Files.write(folder.resolve("cut.pcap"), Arrays.copyOf(whole, 30_000));
        Run run = Run.of("flows", "--format", "ndjson", cut);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().startsWith("flowscope: warning: " + cut), run.err());
        assertNotEquals("", run.out());
    }

    @Test
    void aDamagedFileGivesWhatWasReadAndFails() throws Exception {
        byte[] bytes = Files.readAllBytes(sample);
        int at = 24;
        for (int i = 0; i < 100; i++) {
            at += 16 + ((bytes[at + 8] & 0xff) | (bytes[at + 9] & 0xff) << 8);
        }
        Arrays.fill(bytes, at + 8, at + 12, (byte) 0x7f);
        Path damaged = Files.write(folder.resolve("damaged.pcap"), bytes);
        Run run = Run.of("flows", "--format", "ndjson", "--summary", "json", damaged);
        assertEquals(1, run.code(), run.err());
        assertTrue(run.err().startsWith("flowscope: " + damaged), run.err());
        List<Map<String, Object>> flows = Json.lines(run.out());
        assertFalse(flows.isEmpty());
        assertTrue(run.err().contains("{\"packets\":100,"), run.err());
    }

    @Test
    void anUnsupportedLinkTypeIsNamed() throws IOException {
        byte[] bytes = Files.readAllBytes(sample);
        bytes[20] = (byte) 147;
        Path odd = Files.write(folder.resolve("odd.pcap"), bytes);
        Run run = Run.of("flows", odd);
        assertEquals(1, run.code());
        assertEquals("", run.out());
        assertTrue(run.err().contains("link type 147"), run.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--format xml x",
                "--idle tcp=never x",
                "--idle tcp=0s x",
                "--idle sctp=1s x",
                "--top x x",
                "--top -1 x",
                "--sort colour x",
                "--layer middle x",
                "--max-flows 0 x",
                "- -"
            })
    void wrongUsageEndsWithTwo(String line) {
        Object[] words = line.isEmpty() ? new Object[0] : line.split(" ");
        Run run = Run.of(with(words));
        assertEquals(2, run.code(), run.err());
        assertEquals("", run.out());
        assertTrue(run.err().contains("Try 'flowscope flows --help'."), run.err());
    }

    @Test
    void aFullOutputIsOneSentence() {
        Run run =
                Run.into(
                        new OutputStream() {
                            @Override
                            public void write(int b) throws IOException {
                                throw new IOException("No space left on device");
                            }
                        },
                        "flows",
                        "--format",
                        "ndjson",
                        sample);
        assertEquals(1, run.code());
        assertTrue(run.err().contains("No space left on device"), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }
}
