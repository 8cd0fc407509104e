package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What {@code flows} says of captures, beside what tshark says of them. Compared are the sums per
 * tuple; each difference stands in a list with its reason, and a difference that is gone must leave
 * the list.
 */
@Tag("slow")
class OracleTest {
    private static final String LIST = "known-differences.tsv";

    /** Sums of a tuple: packets, wire bytes, payload, each of the smaller end and of the other. */
    private static String sums(long[] sums) {
        return Arrays.stream(sums).mapToObj(Long::toString).collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "real, ORACLE.jsonl, innermost",
        "real, ORACLE.outermost.jsonl, outermost",
        "derived, ORACLE.jsonl, innermost"
    })
    void sumsPerTupleAreThoseOfTshark(String folder, String oracle, String layer)
            throws IOException {
        Path captures = Needs.captures().resolve(folder);
        Map<String, String> known = known(layer);
        Map<String, String> found = new TreeMap<>();
        int flows = 0;
        for (Map<String, Object> expected :
                Json.lines(Files.readString(captures.resolve(oracle)))) {
            Path file = captures.resolve(Path.of(text(expected, "file")).getFileName());
            if (!Files.exists(file)) {
                continue; // held out
            }
            Map<String, String> theirs = theirs(expected);
            Map<String, String> ours = ours(file, layer);
            flows += theirs.size();
            Map<String, String> all = new HashMap<>(theirs);
            all.putAll(ours);
            for (String tuple : all.keySet()) {
                String own = ours.getOrDefault(tuple, "-");
                if (!Objects.equals(theirs.getOrDefault(tuple, "-"), own)) {
                    found.put(file.getFileName() + "\t" + layer + "\t" + tuple, own);
                }
            }
        }
        assertTrue(flows > 30, "only " + flows + " flows were compared");
        known.keySet().removeIf(k -> !Files.exists(captures.resolve(k.split("\t", -1)[0])));
        assertEquals(lines(known), lines(found));
    }

    private static String lines(Map<String, String> differences) {
        return differences.entrySet().stream()
                .map(e -> e.getKey() + "\t" + e.getValue())
                .collect(Collectors.joining("\n"));
    }

    @Test
    void everyKnownDifferenceHasAReason() throws IOException {
        for (String line : list()) {
            String[] cells = line.split("\t", -1);
            assertEquals(5, cells.length, line);
            assertTrue(cells[4].length() > 40, line);
        }
    }

    private static List<String> list() throws IOException {
        try (InputStream in = OracleTest.class.getResourceAsStream(LIST)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private static Map<String, String> known(String layer) throws IOException {
        Map<String, String> known = new TreeMap<>();
        for (String line : list()) {
            String[] cells = line.split("\t", -1);
            if (cells[1].equals(layer)) {
                known.put(cells[0] + "\t" + cells[1] + "\t" + cells[2], cells[3]);
            }
        }
        return known;
    }

    @SuppressWarnings("unchecked") // the oracle's form
    private static Map<String, String> theirs(Map<String, Object> file) {
        Map<String, long[]> sums = new HashMap<>();
        for (Map<String, Object> flow : (List<Map<String, Object>>) file.get("flows")) {
            End a = End.of((List<Object>) flow.get("a"));
            End b = End.of((List<Object>) flow.get("b"));
            Tuple tuple = new Tuple(text(flow, "proto"), a, b);
            tuple.add(sums, 0, (List<Object>) flow.get("pkts"));
            tuple.add(sums, 2, (List<Object>) flow.get("bytes_wire"));
            tuple.add(sums, 4, (List<Object>) flow.get("bytes_payload"));
        }
        return texts(sums);
    }

    private static Map<String, String> ours(Path file, String layer) {
        Run run =
                Run.of(
                        "flows",
                        "--no-timeouts",
                        "--layer",
                        layer,
                        "--format",
                        "ndjson",
                        "--summary",
                        "none",
                        file);
        assertEquals(0, run.code(), run.err());
        Map<String, long[]> sums = new HashMap<>();
        for (Map<String, Object> flow : Json.lines(run.out())) {
            String protocol = text(flow, "proto");
            if (!protocol.equals("tcp") && !protocol.equals("udp")) {
                continue;
            }
            End a = End.of(List.of(flow.get("src"), flow.get("src_port")));
            End b = End.of(List.of(flow.get("dst"), flow.get("dst_port")));
            Tuple tuple = new Tuple(protocol, a, b);
            tuple.add(sums, 0, both(flow, "packets"));
            tuple.add(sums, 2, both(flow, "bytes"));
            tuple.add(sums, 4, both(flow, "payload"));
        }
        return texts(sums);
    }

    private static List<Object> both(Map<String, Object> flow, String field) {
        return List.of(flow.get(field + "_initiator"), flow.get(field + "_responder"));
    }

    private static Map<String, String> texts(Map<String, long[]> sums) {
        Map<String, String> texts = new HashMap<>();
        sums.forEach((tuple, numbers) -> texts.put(tuple, sums(numbers)));
        return texts;
    }

    private static String text(Map<String, Object> object, String field) {
        return object.get(field).toString();
    }

    private record End(String address, int port) implements Comparable<End> {
        static End of(List<Object> pair) {
            return new End(pair.get(0).toString(), Integer.parseInt(pair.get(1).toString()));
        }

        @Override
        public int compareTo(End other) {
            int order = address.compareTo(other.address);
            return order != 0 ? order : Integer.compare(port, other.port);
        }

        @Override
        public String toString() {
            return address + ":" + port;
        }
    }

    private record Tuple(String protocol, End a, End b) {
        /** Adds what a and b have sent, at the places of the smaller end and of the other. */
        void add(Map<String, long[]> sums, int place, List<Object> fromBoth) {
            boolean inOrder = a.compareTo(b) <= 0;
            String name = protocol + " " + (inOrder ? a + " " + b : b + " " + a);
            long[] numbers = sums.computeIfAbsent(name, _ -> new long[6]);
            numbers[place + (inOrder ? 0 : 1)] += Long.parseLong(fromBoth.get(0).toString());
            numbers[place + (inOrder ? 1 : 0)] += Long.parseLong(fromBoth.get(1).toString());
        }
    }
}
