package io.flowscope.tracker.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.Needs;
import io.flowscope.tracker.packet.CaptureReader;
import io.flowscope.tracker.packet.DecoderOptions;
import io.flowscope.tracker.packet.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sums per TCP and UDP tuple of whole captures against what Wireshark's dissectors found. */
@Execution(ExecutionMode.CONCURRENT)
class OracleTest {
    @Test
    void innermostFlowsOfRealCapturesAreTheOraclesFlows() throws IOException {
        compare("real", "ORACLE.jsonl", DecoderOptions.DEFAULT, false);
    }

    @Test
    void outermostFlowsOfTunnelCapturesAreTheOraclesFlows() throws IOException {
        DecoderOptions options = DecoderOptions.builder().outermost(true).build();
        compare("real", "ORACLE.outermost.jsonl", options, false);
    }

    @Test
    void flowsOfDerivedCapturesAreTheOraclesFlows() throws IOException {
        compare("derived", "ORACLE.jsonl", DecoderOptions.DEFAULT, false);
    }

    @Test
    void reassembledFlowsAreTheOraclesFlows() throws IOException {
        DecoderOptions options = DecoderOptions.builder().throughFirstFragments(false).build();
        compare("real", "ORACLE.jsonl", options, true);
        compare("derived", "ORACLE.jsonl", options, true);
    }

    private static void compare(
            String folder, String oracle, DecoderOptions options, boolean reassemble)
            throws IOException {
        Path captures = Needs.captures().resolve(folder);
        List<String> differences = new ArrayList<>();
        int files = 0;
        for (String line : Files.readAllLines(captures.resolve(oracle))) {
            Map<?, ?> expected = (Map<?, ?>) Json.parse(line);
            Path name = Path.of((String) expected.get("file")).getFileName();
            if (Files.exists(captures.resolve(name))) {
                files++;
                compareFile(captures.resolve(name), expected, options, reassemble, differences);
            }
        }
        assertTrue(files > 0, "no capture of " + oracle);
        for (String[] known : known(reassemble)) {
            differences.removeIf(one -> one.startsWith(known[1] + ": ") && one.contains(known[2]));
        }
        assertEquals("", String.join("\n", differences), "differences in " + files + " files");
    }

    /** Rows of: with the cache, with reassembly or both; capture; key; reason. */
    private static List<String[]> known(boolean reassemble) throws IOException {
        try (InputStream in = OracleTest.class.getResourceAsStream("oracle-differences.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .filter(row -> row[0].equals("both") || row[0].equals("cached") != reassemble)
                    .toList();
        }
    }

    private static void compareFile(
            Path file,
            Map<?, ?> expected,
            DecoderOptions options,
            boolean reassemble,
            List<String> differences)
            throws IOException {
        Map<String, String> want = new TreeMap<>();
        for (Object flow : (List<?>) expected.get("flows")) {
            add(want, (Map<?, ?>) flow);
        }
        Map<String, String> have = new TreeMap<>();
        try (Arena arena = Arena.ofConfined()) {
            FlowSums sums = new FlowSums(options, reassemble, arena);
            CaptureReader.read(file).forEach(sums::add);
            sums.finish();
            sums.flows.forEach(
                    (key, sum) -> {
                        if (key.startsWith("6 ") || key.startsWith("17 ")) {
                            have.put(
                                    key,
                                    total(
                                            sum.packets[0],
                                            sum.packets[1],
                                            sum.wireBytes[0],
                                            sum.wireBytes[1]));
                        }
                    });
            sums.problems.forEach(p -> differences.add(file.getFileName() + ": " + p));
        }
        want.forEach(
                (key, value) -> {
                    if (!value.equals(have.get(key))) {
                        differences.add(
                                "%s: %s is %s, oracle %s"
                                        .formatted(file.getFileName(), key, have.get(key), value));
                    }
                });
        have.keySet().removeAll(want.keySet());
        have.forEach(
                (key, v) ->
                        differences.add(file.getFileName() + ": not in oracle: " + key + " " + v));
    }

    private static String total(long packetsA, long packetsB, long bytesA, long bytesB) {
        return packetsA + "+" + packetsB + " packets, " + bytesA + "+" + bytesB + " bytes";
    }

    private static void add(Map<String, String> want, Map<?, ?> flow) {
        KeyText text = KeyText.of(flow);
        List<?> packets = (List<?>) flow.get("pkts");
        List<?> bytes = (List<?>) flow.get("bytes_wire");
        int a = text.swapped() ? 1 : 0;
        want.put(
                text.key(),
                total(
                        (Long) packets.get(a),
                        (Long) packets.get(1 - a),
                        (Long) bytes.get(a),
                        (Long) bytes.get(1 - a)));
    }
}
