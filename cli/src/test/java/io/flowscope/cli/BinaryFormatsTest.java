package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.cli.ipfix.IpfixFile;
import io.flowscope.cli.parquet.ParquetFile;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** IPFIX and Parquet say what the JSON lines of the same input say. */
@Execution(ExecutionMode.CONCURRENT)
class BinaryFormatsTest {
    private static final Map<String, Integer> PROTOCOLS =
            Map.of("icmp", 1, "tcp", 6, "udp", 17, "icmp6", 58, "sctp", 132);
    private static final Map<String, Integer> END_REASONS =
            Map.of("idle", 1, "fin", 3, "rst", 3, "reused", 3, "finished", 4, "evicted", 5);
    private static final List<String> SCHEMA =
            List.of(
                    "proto TEXT",
                    "src TEXT",
                    "src_port UINT16?",
                    "dst TEXT",
                    "dst_port UINT16?",
                    "packets_initiator UINT64",
                    "packets_responder UINT64",
                    "bytes_initiator UINT64",
                    "bytes_responder UINT64",
                    "payload_initiator UINT64",
                    "payload_responder UINT64",
                    "started NANOS",
                    "last_seen NANOS",
                    "reason TEXT",
                    "state TEXT",
                    "history TEXT",
                    "retransmits_initiator UINT64",
                    "retransmits_responder UINT64",
                    "rtt_min_us UINT64?",
                    "rtt_mean_us UINT64?",
                    "community_id TEXT",
                    "vlan UINT16?",
                    "tunnel TEXT?");

    @TempDir Path folder;
    private final Path sample = Needs.project().resolve("samples/sample.pcap");

    private static Object[] flows(String format, Object... args) {
        List<Object> all = new ArrayList<>(List.of("flows", "--format", format));
        all.addAll(Arrays.asList(args));
        return all.toArray();
    }

    private static byte[] bytes(String format, Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Run run = Run.into(out, flows(format, args));
        assertEquals(0, run.code(), run.err());
        return out.toByteArray();
    }

    private static List<Map<String, Object>> lines(String format, Object... args) {
        Run run = Run.of(flows(format, args));
        assertEquals(0, run.code(), run.err());
        return Json.lines(run.out());
    }

    private static long nanos(Object seconds) {
        return new BigDecimal(seconds.toString()).movePointRight(9).longValueExact();
    }

    private static ParquetFile checkParquet(Object... args) {
        ParquetFile file = new ParquetFile(bytes("parquet", args));
        List<Map<String, Object>> expected = new ArrayList<>();
        for (Map<String, Object> line : lines("ndjson", args)) {
            Map<String, Object> row = new LinkedHashMap<>(line);
            row.replaceAll((_, v) -> v instanceof BigDecimal n ? n.toBigIntegerExact() : v);
            row.replace("started", nanos(line.get("started")));
            row.replace("last_seen", nanos(line.get("last_seen")));
            expected.add(row);
        }
        assertEquals(expected, file.rows());
        List<String> columns =
                new ArrayList<>(
                        file.columns().stream().map(c -> c.name() + " " + c.type()).toList());
        if (!expected.isEmpty() && expected.get(0).containsKey("file")) {
            assertEquals("file TEXT", columns.remove(0));
        }
        assertEquals(SCHEMA, columns);
        assertTrue(file.createdBy().startsWith("flowscope version "), file.createdBy());
        return file;
    }

    private static IpfixFile checkIpfix(Object... args) throws IOException {
        IpfixFile file = new IpfixFile(bytes("ipfix", args));
        List<Map<String, Object>> expected = lines("ndjson", args);
        List<Map<String, Object>> zeek = lines("zeek-json", args);
        assertEquals(expected.size(), file.flows().size());
        for (int i = 0; i < expected.size(); i++) {
            IpfixFile.Flow flow = file.flows().get(i);
            Map<String, Object> line = expected.get(i);
            assertEquals(line.get("file"), file.domainNames().get(flow.domain()));
            if (!line.containsKey("file")) {
                assertEquals(0, flow.domain());
            }
            Map<String, Object> values = new LinkedHashMap<>();
            number(values, flow, "proto", "4");
            number(values, flow, "src_port", "7");
            number(values, flow, "dst_port", "11");
            number(values, flow, "packets_initiator", "2");
            number(values, flow, "packets_responder", "2r");
            number(values, flow, "bytes_initiator", "352");
            number(values, flow, "bytes_responder", "352r");
            number(values, flow, "payload_initiator", "401");
            number(values, flow, "payload_responder", "401r");
            number(values, flow, "vlan", "243");
            number(values, flow, "reason", "136");
            number(values, flow, "orig_ip_bytes", "1");
            number(values, flow, "resp_ip_bytes", "1r");
            Map<String, Object> all = new LinkedHashMap<>(line);
            String protocol = line.get("proto").toString();
            Integer named = PROTOCOLS.get(protocol);
            all.put("proto", named != null ? named : new BigDecimal(protocol));
            all.put("reason", END_REASONS.get(line.get("reason").toString()));
            boolean whole = zeek.get(i).containsKey("orig_ip_bytes");
            if (whole && zeek.get(i).containsKey("resp_ip_bytes")) {
                all.put("orig_ip_bytes", zeek.get(i).get("orig_ip_bytes"));
                all.put("resp_ip_bytes", zeek.get(i).get("resp_ip_bytes"));
            }
            for (String field : values.keySet()) {
                assertEquals(text(all.get(field)), text(values.get(field)), field + " of " + line);
            }
            address(line.get("src"), flow, "8", "27");
            address(line.get("dst"), flow, "12", "28");
            assertEquals(nanos(line.get("started")), nanos(flow, "156", "152"));
            assertEquals(nanos(line.get("last_seen")), nanos(flow, "157", "153"));
            assertEquals(1, flow.number("239"));
            checkFlags(flow, line);
        }
        assertTrue(file.messageBytes().stream().allMatch(length -> length <= 1_400));
        return file;
    }

    private static void number(
            Map<String, Object> values, IpfixFile.Flow flow, String field, String element) {
        values.put(field, flow.values().containsKey(element) ? flow.number(element) : null);
    }

    private static String text(Object number) {
        return number == null ? "absent" : number.toString();
    }

    private static void address(Object text, IpfixFile.Flow flow, String four, String six)
            throws IOException {
        boolean isSix = text.toString().contains(":");
        assertFalse(flow.values().containsKey(isSix ? four : six));
        byte[] bytes = flow.values().get(isSix ? six : four);
        // As a mapped IPv6 address is made an IPv4 one by the JDK.
        assertEquals(InetAddress.getByName(text.toString()), InetAddress.getByAddress(bytes));
        assertEquals(isSix ? 16 : 4, bytes.length);
    }

    /** The NTP timestamp has no century beyond 2036; the milliseconds have. */
    private static long nanos(IpfixFile.Flow flow, String element, String inMillis) {
        long ntp = flow.number(element);
        long millis = flow.number(inMillis);
        long seconds = Math.floorDiv(millis, 1_000);
        assertEquals((seconds + 2_208_988_800L) & 0xffff_ffffL, ntp >>> 32);
        long rest = (ntp & 0xffff_ffffL) * 1_000_000_000L >>> 32;
        assertEquals(Math.floorMod(millis, 1_000), rest / 1_000_000);
        return seconds * 1_000_000_000L + rest;
    }

    /** History's letters are flags that were seen; a segment may have others that were ignored. */
    private static void checkFlags(IpfixFile.Flow flow, Map<String, Object> line) {
        boolean tcp = line.get("proto").equals("tcp") && flow.values().containsKey("1");
        assertEquals(tcp, flow.values().containsKey("6"));
        if (!tcp) {
            return;
        }
        String history = line.get("history").toString();
        int initiator = letters(history);
        int responder =
                letters(
                        history.chars()
                                .map(c -> c ^ 32)
                                .collect(
                                        StringBuilder::new,
                                        StringBuilder::appendCodePoint,
                                        StringBuilder::append)
                                .toString());
        assertEquals(initiator, flow.number("6") & initiator, line.toString());
        assertEquals(responder, flow.number("6r") & responder, line.toString());
    }

    private static int letters(String history) {
        return (history.contains("F") ? 1 : 0)
                | (history.contains("S") || history.contains("H") ? 2 : 0)
                | (history.contains("R") ? 4 : 0);
    }

    private void check(Object... args) throws IOException {
        checkParquet(args);
        checkIpfix(args);
    }

    @Test
    void theSampleIsTheSameInEveryFormat() throws Exception {
        check(sample);
        check("--layer", "outermost", sample);
        check("--idle", "tcp=1ms,udp=1ms,other=1ms", sample);
        check("--max-flows", 4, sample);
        check("-f", "ip6", sample);
    }

    @Test
    void sortingAndCuttingAndMergingHoldForThemAll() throws Exception {
        check("--sort", "packets", sample);
        check("--sort", "rtt", "--top", 7, sample);
        check("--top", 3, sample);
        check("--merge", sample, sample);
    }

    @Test
    void severalFilesAreNamedInEveryRecord() throws Exception {
        Path odd = Files.copy(sample, folder.resolve("ä \"b\",\n.pcap"));
        check(odd, sample);
        check("--sort", "bytes", odd, sample);
        IpfixFile file = checkIpfix(odd, sample);
        assertEquals(Map.of(1L, odd.toString(), 2L, sample.toString()), file.domainNames());
    }

    @Test
    void severalWorkersGiveTheSameFlows() throws Exception {
        List<Map<String, Object>> one =
                new ParquetFile(bytes("parquet", "--sort", "start", sample)).rows();
        List<Map<String, Object>> two =
                new ParquetFile(bytes("parquet", "--sort", "start", "--workers", 2, sample)).rows();
        assertEquals(one.size(), two.size());
        assertTrue(two.containsAll(one));
        List<String> ipfix = new ArrayList<>();
        for (int workers = 1; workers <= 2; workers++) {
            IpfixFile file = new IpfixFile(bytes("ipfix", "--workers", workers, sample));
            ipfix.add(
                    file.flows().stream()
                            .map(f -> f.values().values().stream().map(Arrays::toString).toList())
                            .map(Object::toString)
                            .sorted()
                            .toList()
                            .toString());
        }
        assertEquals(ipfix.get(0), ipfix.get(1));
    }

    @Test
    void aLongerCaptureIsTheSameInEveryFormat() throws Exception {
        Path file = folder.resolve("x.pcap");
        Run made =
                Run.of(
                        "generate",
                        "--flows",
                        3_000,
                        "--packets",
                        20_000,
                        "--loss",
                        "1%",
                        "--reorder",
                        "1%",
                        "--seed",
                        3,
                        "-w",
                        file);
        assertEquals(0, made.code(), made.err());
        check(file);
    }

    @Test
    @Tag("slow")
    void manyFlowsFillSeveralGroups() throws Exception {
        Path file = folder.resolve("many.pcap");
        Run.of("generate", "--flows", 70_000, "--packets", 150_000, "-w", file);
        List<Integer> groups = checkParquet(file).groupRows();
        assertEquals(1 << 16, groups.get(0));
        assertTrue(groups.size() > 1);
    }

    @Test
    @Tag("slow")
    void realCapturesAreTheSameInEveryFormat() throws Exception {
        int checked = 0;
        try (Stream<Path> files = Files.list(Needs.captures().resolve("real"))) {
            for (Path file : files.filter(f -> f.toString().matches(".*\\.pcap(ng)?")).toList()) {
                if (Run.of(flows("ndjson", file)).code() == 0) {
                    check(file);
                    checked++;
                }
            }
        }
        assertTrue(checked > 10, "only " + checked);
    }

    @Test
    void anInputWithoutPacketsGivesFilesWithoutFlows() throws Exception {
        Path none = Files.write(folder.resolve("n.pcap"), Arrays.copyOf(read(sample), 24));
        check(none);
        assertEquals(1, checkIpfix(none, none).messageBytes().size());
        ParquetFile two = new ParquetFile(bytes("parquet", none, none));
        assertEquals(List.of(), two.rows());
        assertEquals("file", two.columns().get(0).name());
    }

    private static byte[] read(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipfix", "parquet"})
    void twoRunsGiveTheSameBytes(String format) {
        assertArrayEquals(bytes(format, sample), bytes(format, sample));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipfix", "parquet"})
    void aTerminalIsSparedThem(String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] line = {"flows", "--format", format, sample.toString()};
        int code = Flowscope.run(new Stdio(out, err, true, false), new Interruption(), line);
        assertEquals(2, code);
        assertEquals(0, out.size());
        assertTrue(
                err.toString(StandardCharsets.UTF_8)
                        .startsWith("flowscope flows: a terminal cannot show " + format),
                err::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipfix", "parquet"})
    void aFullOutputIsOneSentence(String format) {
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        Run run = Run.into(full, flows(format, sample));
        assertEquals(1, run.code());
        assertEquals("flowscope: cannot write the output: No space left on device\n", run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipfix", "parquet"})
    void whatIsNoCaptureGivesNoOutput(String format) throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "not a capture at all\n");
        Run run = Run.of(flows(format, text));
        assertEquals(1, run.code());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    @Test
    void aFileThatCannotBeReadDoesNotKeepTheOthersBack() {
        Path missing = folder.resolve("missing.pcap");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(1, Run.into(out, flows("parquet", missing, sample)).code());
        assertEquals(24, new ParquetFile(out.toByteArray()).rows().size());
        out.reset();
        assertEquals(1, Run.into(out, flows("ipfix", missing, sample)).code());
        assertEquals(24, new IpfixFile(out.toByteArray()).flows().size());
    }

    @Test
    @Tag("slow")
    void ctrlCLeavesWholeFiles() throws Exception {
        assertEquals(24, new ParquetFile(interrupted("parquet")).rows().size());
        assertEquals(24, new IpfixFile(interrupted("ipfix")).flows().size());
    }

    private byte[] interrupted(String format) throws Exception {
        byte[] bytes = read(sample);
        Path out = folder.resolve("out." + format);
        Process process =
                new ProcessBuilder(Run.forked(flows(format, "-")))
                        .redirectOutput(out.toFile())
                        .start();
        OutputStream input = process.getOutputStream();
        input.write(bytes, 0, bytes.length - 1);
        input.flush();
        Quiet.await(process);
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(130, process.exitValue());
        return read(out);
    }

    @Test
    @Tag("slow")
    void aFullDiskAndAReaderThatGoesAwayAreFailures() throws Exception {
        Needs.file("/dev/full");
        Path many = folder.resolve("many.pcap");
        Run.of("generate", "--flows", 20_000, "--packets", 60_000, "-w", many);
        for (String format : List.of("ipfix", "parquet")) {
            Run full = Run.shell("", Run.forked(flows(format, many)), ">/dev/full");
            assertEquals(1, full.code());
            assertTrue(full.err().startsWith("flowscope: cannot write the output: "), full.err());
            assertEquals(1, full.err().lines().count(), full.err());
            Run gone =
                    Run.shell(
                            "{",
                            Run.forked(flows(format, "--summary", "none", many)),
                            "; echo \"code $?\" >&2; } | head -c 1 >/dev/null");
            assertEquals("code 1\n", gone.err());
        }
    }
}
