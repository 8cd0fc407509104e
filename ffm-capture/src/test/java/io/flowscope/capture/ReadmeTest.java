package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.generate.PcapWriter;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.capture.generate.TrafficSpec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The README's examples are those that are compiled, and do what it says of them. */
@Timeout(60)
class ReadmeTest {
    private static final int PACKETS = 6_000;

    @TempDir static Path folder;
    private static Path file;

    @BeforeAll
    static void generate() throws IOException {
        // Long enough that the reading buffer is used more than once.
        file = folder.resolve("some.pcap");
        var spec = TrafficSpec.builder().flows(40).packets(PACKETS).payload(900, 1_400);
        try (var generator = TrafficGenerator.of(spec.udpShare(0.5).build());
                var writer = PcapWriter.to(file, PcapWriter.Precision.NANOSECONDS, 1)) {
            generator.forEachBatch(writer);
        }
    }

    @Test
    void everyExampleIsOneThatIsCompiled() throws IOException {
        Path module = Needs.project().resolve("ffm-capture");
        String source =
                Files.readString(
                        module.resolve("src/test/java/io/flowscope/capture/ReadmeSnippets.java"));
        TreeSet<String> compiled = new TreeSet<>();
        Matcher snippets =
                Pattern.compile("(?s) *// snippet \\w+\n(.*?) *// end\n").matcher(source);
        while (snippets.find()) {
            compiled.add(closed(snippets.group(1).stripTrailing().stripIndent() + "\n"));
        }
        TreeSet<String> shown = new TreeSet<>();
        Matcher examples =
                Pattern.compile("(?s)```java\n(.*?)```\n")
                        .matcher(Files.readString(module.resolve("README.md")));
        while (examples.find()) {
            shown.add(examples.group(1));
        }
        assertEquals(String.join("\n", compiled), String.join("\n", shown));
    }

    /** A block that the method goes on with is closed where it is shown. */
    private static String closed(String snippet) {
        long opened = snippet.chars().filter(c -> c == '{').count();
        long ended = snippet.chars().filter(c -> c == '}').count();
        return snippet + "}\n".repeat((int) (opened - ended));
    }

    @Test
    void aFileIsRead() {
        assertArrayEquals(new long[] {PACKETS, generatedBytes()}, ReadmeSnippets.readAFile(file));
    }

    private static long generatedBytes() {
        long sum = 0;
        try (CaptureFile capture = CaptureFile.open(file)) {
            for (Packet packet : Packet.of(capture)) {
                sum += packet.length();
            }
        }
        return sum;
    }

    /** In checked mode it throws instead, as the next test shows. */
    @Test
    @Tag("unchecked")
    void whatIsKeptWithoutACopyIsOverwrittenByOtherPackets() {
        try (CaptureFile once = CaptureFile.open(file);
                CaptureFile again = CaptureFile.open(file)) {
            List<byte[]> right = ReadmeSnippets.keptRightly(once);
            List<MemorySegment> wrong = ReadmeSnippets.keptWrongly(again);
            assertEquals(PACKETS, right.size());
            assertEquals(PACKETS, wrong.size());
            byte[] now = wrong.getFirst().toArray(ValueLayout.JAVA_BYTE);
            assertFalse(Arrays.equals(right.getFirst(), now), "still the first packet");
        }
    }

    /** Keeps packets wrongly, and says what that comes to. */
    static final class Keeper {
        private Keeper() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (CaptureFile capture = CaptureFile.open(Path.of(arguments[0]))) {
                MemorySegment first = ReadmeSnippets.keptWrongly(capture).getFirst();
                try {
                    System.out.println(first.get(ValueLayout.JAVA_BYTE, 0));
                } catch (IllegalStateException closed) {
                    System.out.println("IllegalStateException: " + closed.getMessage());
                }
            }
            Thread[] other = new Thread[1];
            try (CaptureFile capture = CaptureFile.open(Path.of(arguments[0]))) {
                capture.forEachBatch(
                        (memory, descriptors, count) -> {
                            other[0] = Thread.ofPlatform().start(() -> touch(memory));
                            join(other[0]);
                            capture.stop();
                        });
            }
        }

        private static void touch(MemorySegment memory) {
            try {
                System.out.println(memory.get(ValueLayout.JAVA_BYTE, 0));
            } catch (WrongThreadException elsewhere) {
                System.out.println("WrongThreadException");
            }
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException nobodyDoes) {
                throw new AssertionError(nobodyDoes);
            }
        }
    }

    @Test
    void checkedModeThrowsWhereAPacketIsKeptOrHandedToAnotherThread() throws Exception {
        List<String> said =
                new OwnJvm()
                        .with("-Dflowscope.checked=true")
                        .run(Keeper.class, file.toString())
                        .lines()
                        .toList();
        assertEquals(
                List.of("IllegalStateException: Already closed", "WrongThreadException"), said);
    }

    @Test
    void filesAreFilteredAndWrittenDown() {
        Path target = folder.resolve("out.pcapng");
        try (CaptureFile capture = CaptureFile.open(file)) {
            ReadmeSnippets.writeDown(capture, target);
        }
        try (CaptureFile back = CaptureFile.open(folder.resolve("out-00000.pcapng"))) {
            assertEquals(PACKETS, Packet.of(back).size());
        }
        assertEquals(0, ReadmeSnippets.filtered(file));
    }

    @Test
    void liveExamplesSeeWhatIsSent() throws InterruptedException {
        Path little = folder.resolve("little.pcap");
        var spec = TrafficSpec.builder().flows(5).packets(50).gapNanos(10_000_000);
        try (var generator = TrafficGenerator.of(spec.build());
                var writer = PcapWriter.to(little, PcapWriter.Precision.NANOSECONDS, 1)) {
            generator.forEachBatch(writer);
        }
        try (TestNetwork network = TestNetwork.create()) {
            AtomicLong seen = new AtomicLong();
            BatchHandler handler = (memory, descriptors, count) -> seen.addAndGet(count);
            AtomicBoolean received = new AtomicBoolean();
            Thread sender =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        while (!received.get()) {
                                            network.callFar(
                                                    () ->
                                                            ReadmeSnippets.sendAgain(
                                                                    little, network.far));
                                        }
                                    });
            BatchHandler[] handlers = {handler, handler};
            long packets = 0;
            try {
                // The sender may take its time to begin.
                for (int look = 0; look < 20 && packets == 0; look++) {
                    packets = ReadmeSnippets.shareAmongWorkers(network.near, 400, handlers);
                }
            } finally {
                received.set(true);
                sender.join();
            }
            assertEquals(packets, seen.get());
            assertTrue(packets > 0, "nothing was seen");
            assertEquals(0, ReadmeSnippets.captureFor(network.near, 20, handler).drops());
        }
    }
}
