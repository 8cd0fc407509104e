package io.flowscope.tracker.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.Needs;
import io.flowscope.tracker.PacketDescriptor;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.key.FragmentOptions;
import io.flowscope.tracker.packet.CaptureReader;
import io.flowscope.tracker.packet.Json;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Streams of whole captures against what Wireshark put together. */
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class StreamOracleTest {
    @Test
    void streamsOfRealCapturesAreTheOracles() throws IOException {
        compare("real");
    }

    @Test
    void streamsOfDerivedCapturesAreTheOracles() throws IOException {
        compare("derived");
    }

    /** With every policy and small limits: nothing throws, all memory comes back. */
    @Test
    void damagedCapturesNeitherThrowNorLeaveMemoryBehind() throws IOException {
        int files = 0;
        try (var listed = Files.list(Needs.captures().resolve("damaged"))) {
            for (Path file : (Iterable<Path>) listed::iterator) {
                files++;
                for (OverlapPolicy policy : OverlapPolicy.values()) {
                    StreamOptions options =
                            StreamOptions.builder()
                                    .overlap(policy)
                                    .holdBytes(2_000)
                                    .bufferBytes(3_000)
                                    .memoryCapBytes(40_000)
                                    .memoryCap(MemoryCapPolicy.DROP_LARGEST)
                                    .build();
                    track(file, options, new StreamHasher(summary -> {}));
                }
            }
        }
        assertTrue(files > 0);
    }

    /**
     * The capture of Suricata's own tests: GOOD, then EVIL in its place, then an acknowledgment.
     */
    @Test
    void policiesGiveTheBytesThatSuricatasTestsName() throws IOException {
        String name = "suricata-verify__eve-overlap-payload-01__tcp-overlap.pcap";
        Path file = Needs.captures().resolve("real").resolve(name);
        assertEquals(List.of("GOOD"), texts(file, OverlapPolicy.FIRST));
        assertEquals(List.of("GOOD"), texts(file, OverlapPolicy.LINUX));
        assertEquals(List.of("GOOD"), texts(file, OverlapPolicy.WINDOWS));
        assertEquals(List.of("EVIL"), texts(file, OverlapPolicy.LAST));
    }

    private static List<String> texts(Path file, OverlapPolicy policy) throws IOException {
        List<String> texts = new ArrayList<>();
        StreamConsumer texting =
                (stream, memory, at, length, time) -> {
                    byte[] bytes = memory.asSlice(at, length).toArray(JAVA_BYTE);
                    texts.add(new String(bytes, StandardCharsets.ISO_8859_1));
                    return length;
                };
        track(file, StreamOptions.builder().overlap(policy).build(), flow -> texting);
        return texts;
    }

    /** With a gap the bytes before it are right, and the gap is told where it is. */
    @Test
    void aGapInACaptureIsToldBetweenTheBytesAroundIt() throws IOException {
        String name = "suricata-verify__eve-overlap-payload-05-gap__tcp-simple-gap2.pcap";
        Path file = Needs.captures().resolve("real").resolve(name);
        StringBuilder told = new StringBuilder();
        StreamConsumer consumer =
                new StreamConsumer() {
                    @Override
                    public int onBytes(
                            StreamView stream, MemorySegment memory, long at, int n, long time) {
                        byte[] bytes = memory.asSlice(at, n).toArray(JAVA_BYTE);
                        told.append(new String(bytes, StandardCharsets.ISO_8859_1));
                        return n;
                    }

                    @Override
                    public GapDecision onGap(StreamView stream, long n, GapCause why, long time) {
                        told.append("[").append(n).append(" bytes missing]");
                        return GapDecision.CONTINUE;
                    }
                };
        track(file, StreamOptions.defaults(), flow -> consumer);
        assertEquals("VERY[4 bytes missing]DATA", told.toString());
    }

    private static void compare(String folder) throws IOException {
        Path captures = Needs.captures().resolve(folder);
        List<String> differences = new ArrayList<>();
        int streams = 0;
        for (String line : Files.readAllLines(captures.resolve("ORACLE.jsonl"))) {
            Map<?, ?> expected = (Map<?, ?>) Json.parse(line);
            Path name = Path.of((String) expected.get("file")).getFileName();
            if (Files.exists(captures.resolve(name))) {
                streams += compareFile(captures.resolve(name), expected, differences);
            }
        }
        assertTrue(streams > 50, "streams compared: " + streams);
        List<String[]> known = known();
        differences.removeIf(
                one -> known.stream().anyMatch(k -> one.startsWith(k[0] + " " + k[1])));
        assertEquals("", String.join("\n", differences), "of " + streams + " streams");
    }

    /** Rows of: capture; sender and receiver; reason. */
    private static List<String[]> known() throws IOException {
        try (InputStream in =
                StreamOracleTest.class.getResourceAsStream("stream-differences.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .toList();
        }
    }

    private static int compareFile(Path file, Map<?, ?> expected, List<String> differences)
            throws IOException {
        Map<String, List<String>> want = new LinkedHashMap<>();
        for (Object stream : (List<?>) expected.get("streams")) {
            List<?> dirs = (List<?>) ((Map<?, ?>) stream).get("dirs");
            for (int i = 0; i < 2; i++) {
                Map<?, ?> dir = (Map<?, ?>) dirs.get(i);
                String key = dir.get("from") + " > " + ((Map<?, ?>) dirs.get(1 - i)).get("from");
                String have =
                        "%s bytes %s gap %s"
                                .formatted(
                                        dir.get("seg_len"), dir.get("seg_sha256"), dir.get("gap"));
                want.computeIfAbsent(key, k -> new ArrayList<>()).add(have);
            }
        }
        Map<String, List<String>> have = new LinkedHashMap<>();
        run(
                file,
                StreamOptions.builder().noTimeouts().build(),
                s -> {
                    String key =
                            s.sourceAddress()
                                    + (":" + s.sourcePort() + " > " + s.destinationAddress())
                                    + (":" + s.destinationPort());
                    have.computeIfAbsent(key, k -> new ArrayList<>())
                            .add(
                                    "%d bytes %s gap %d"
                                            .formatted(s.length(), s.sha256(), s.gapBytes()));
                });
        int compared = 0;
        for (Map.Entry<String, List<String>> entry : want.entrySet()) {
            List<String> ours = have.getOrDefault(entry.getKey(), List.of());
            for (int i = 0; i < entry.getValue().size(); i++) {
                compared++;
                String mine = i < ours.size() ? ours.get(i) : "nothing";
                if (!mine.equals(entry.getValue().get(i))) {
                    differences.add(
                            "%s %s #%d: %s, oracle %s"
                                    .formatted(
                                            file.getFileName(),
                                            entry.getKey(),
                                            i,
                                            mine,
                                            entry.getValue().get(i)));
                }
            }
        }
        return compared;
    }

    private static void run(Path file, StreamOptions streams, Consumer<StreamSummary> results)
            throws IOException {
        track(file, streams, new StreamHasher(results));
    }

    private static void track(Path file, StreamOptions streams, StreamConsumerFactory factory)
            throws IOException {
        TrackerOptions options =
                TrackerOptions.builder()
                        .noTimeouts()
                        .maxFlows(10_000)
                        .fragments(FragmentOptions.DEFAULT.reassembling(16 << 20))
                        .streams(factory)
                        .streamOptions(streams)
                        .build();
        try (Arena arena = Arena.ofConfined();
                FlowTracker tracker = new FlowTracker(options)) {
            for (CaptureReader.Packet packet : CaptureReader.read(file)) {
                MemorySegment memory = arena.allocate(Math.max(1, packet.bytes().length));
                MemorySegment.copy(packet.bytes(), 0, memory, JAVA_BYTE, 0, packet.bytes().length);
                MemorySegment record = arena.allocate(PacketDescriptor.BYTES, 8);
                record.set(JAVA_LONG, PacketDescriptor.TIMESTAMP, packet.timestampNanos());
                record.set(JAVA_INT, PacketDescriptor.CAPTURED, packet.bytes().length);
                record.set(JAVA_INT, PacketDescriptor.LENGTH, packet.length());
                record.set(JAVA_SHORT, PacketDescriptor.LINK_TYPE, (short) packet.linkType());
                record.set(JAVA_INT, PacketDescriptor.INTERFACE, -1);
                tracker.trackBatch(memory, record, 1);
            }
            tracker.finish();
            assertEquals(0, tracker.streamStatistics().memoryBytes());
            assertEquals(0, tracker.streamStatistics().open());
        }
    }
}
