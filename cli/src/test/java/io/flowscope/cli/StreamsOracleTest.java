package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code streams} puts together beside what tshark does, for every direction that tshark's two
 * ways of looking at it agree on and find whole. Each difference stands in a list with its reason,
 * and a difference that is gone must leave the list.
 */
@Tag("slow")
class StreamsOracleTest {
    private static final String LIST = "known-stream-differences.tsv";

    @ParameterizedTest
    @ValueSource(strings = {"real", "derived"})
    void lengthAndHashOfEveryCleanDirectionAreThoseOfTshark(String folder) throws IOException {
        Path captures = Needs.captures().resolve(folder);
        Map<String, String> found = new TreeMap<>();
        int clean = 0;
        for (Map<String, Object> expected :
                Json.lines(Files.readString(captures.resolve("ORACLE.jsonl")))) {
            Path file = captures.resolve(Path.of(expected.get("file").toString()).getFileName());
            if (!Files.exists(file)) {
                continue; // held out
            }
            Map<String, List<String>> theirs = theirs(expected);
            Map<String, List<String>> ours = theirs.isEmpty() ? Map.of() : ours(file);
            for (Map.Entry<String, List<String>> direction : theirs.entrySet()) {
                clean += direction.getValue().size();
                List<String> rest =
                        new ArrayList<>(ours.getOrDefault(direction.getKey(), List.of()));
                for (String stream : direction.getValue()) {
                    if (!rest.remove(stream)) {
                        found.put(file.getFileName() + "\t" + direction.getKey(), stream);
                    }
                }
            }
        }
        assertTrue(clean > 30, "only " + clean + " directions were compared");
        Map<String, String> known = new TreeMap<>();
        for (String line : list()) {
            String[] cells = line.split("\t", -1);
            if (Files.exists(captures.resolve(cells[0]))) {
                known.put(cells[0] + "\t" + cells[1], cells[2]);
            }
        }
        assertEquals(lines(known), lines(found));
    }

    @Test
    void everyKnownDifferenceHasAReason() throws IOException {
        for (String line : list()) {
            String[] cells = line.split("\t", -1);
            assertEquals(4, cells.length, line);
            assertTrue(cells[3].length() > 40, line);
        }
    }

    private static String lines(Map<String, String> differences) {
        StringBuilder lines = new StringBuilder();
        differences.forEach((k, v) -> lines.append(k).append('\t').append(v).append('\n'));
        return lines.toString();
    }

    private static List<String> list() throws IOException {
        try (InputStream in = StreamsOracleTest.class.getResourceAsStream(LIST)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    /** Length and hash of each clean stream, by who sent it to whom. */
    @SuppressWarnings("unchecked") // the oracle's form
    private static Map<String, List<String>> theirs(Map<String, Object> file) {
        Map<String, List<String>> theirs = new TreeMap<>();
        for (Map<String, Object> stream : (List<Map<String, Object>>) file.get("streams")) {
            var sides = (List<Map<String, Object>>) stream.get("dirs");
            for (int i = 0; i < 2; i++) {
                Map<String, Object> side = sides.get(i);
                if (isClean(side)) {
                    String from = side.get("from").toString();
                    String to = sides.get(1 - i).get("from").toString();
                    theirs.computeIfAbsent(from + " " + to, _ -> new ArrayList<>())
                            .add(side.get("seg_len") + " " + side.get("seg_sha256"));
                }
            }
        }
        return theirs;
    }

    private static boolean isClean(Map<String, Object> side) {
        return side.get("gap").equals(BigDecimal.ZERO)
                && side.get("conflict").equals(BigDecimal.ZERO)
                && side.get("seg_len").equals(side.get("follow_len"))
                && side.get("seg_sha256").equals(side.get("follow_sha256"));
    }

    private static Map<String, List<String>> ours(Path file) {
        Run run =
                Run.of("streams", "--no-timeouts", "--format", "ndjson", "--summary", "none", file);
        assertEquals(0, run.code(), run.err());
        Map<String, List<String>> ours = new HashMap<>();
        for (Map<String, Object> side : Json.lines(run.out())) {
            String from = side.get("src") + ":" + side.get("src_port");
            String to = side.get("dst") + ":" + side.get("dst_port");
            ours.computeIfAbsent(from + " " + to, _ -> new ArrayList<>())
                    .add(side.get("length") + " " + side.get("sha256"));
        }
        return ours;
    }
}
