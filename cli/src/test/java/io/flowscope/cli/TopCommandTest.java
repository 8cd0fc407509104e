package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The live screen, as plain frames and on a terminal. */
class TopCommandTest {
    private static final String ENTER = "\u001b[?1049h";
    private static final String LEAVE = "\u001b[m\u001b[?7h\u001b[?25h\u001b[?1049l";

    @TempDir Path folder;
    private final Path sample = Needs.project().resolve("samples/sample.pcap");

    private Pty top(Object... options) throws Exception {
        return Pty.start(List.of(), "", command(options));
    }

    private static List<String> command(Object... options) {
        Object[] args = new Object[options.length + 1];
        args[0] = "top";
        System.arraycopy(options, 0, args, 1, options.length);
        return Run.forked(args);
    }

    private static Run plain(Object... options) throws Exception {
        Run run = Run.process(new ProcessBuilder(command(options)));
        // Said by a library on the tests' class path.
        return new Run(run.code(), run.out(), run.err().replaceAll("(?m)^SLF4J.*\\R", ""));
    }

    /** Whether the command took the terminal once, and gave it back as the last thing it drew. */
    private static void assertGivenBack(Run run) {
        assertEquals(2, run.out().split("\u001b\\[\\?1049h", -1).length, run.out());
        int left = run.out().lastIndexOf(LEAVE);
        assertTrue(left > run.out().indexOf(ENTER), run.out());
        assertEquals(-1, run.out().indexOf('\u001b', left + LEAVE.length()), run.out());
        assertFalse(run.out().contains("Exception"), run.out());
    }

    @Test
    void framesOfAFileEndWithWhatItCameTo() throws Exception {
        Run run = plain("--batch", "--sort", "bytes", sample);
        assertEquals(0, run.code(), run.err());
        assertFalse(run.out().contains("\u001b"), run.out());
        List<String> lines = run.out().lines().toList();
        int last =
                run.out()
                                .substring(0, run.out().lastIndexOf("flowscope top"))
                                .split("\n", -1)
                                .length
                        - 1;
        List<String> frame = lines.subList(last, lines.size());
        assertTrue(frame.get(0).startsWith("flowscope top  sample.pcap  ended  0:03"), run.out());
        assertTrue(frame.get(0).endsWith("  by bytes"), run.out());
        assertTrue(frame.get(1).endsWith("  (mean)"), run.out());
        assertTrue(frame.get(2).startsWith("192 packets, "), run.out());
        assertTrue(run.err().contains("192 packets"), run.err());
        // As many flows as flows prints, and the same one first.
        List<String> first =
                Arrays.asList(
                        Run.of("flows", "--format", "csv", "--sort", "bytes", sample)
                                .out()
                                .lines()
                                .toList()
                                .get(1)
                                .split(",", -1));
        assertTrue(
                frame.get(7)
                        .startsWith(
                                "%-5s %s:%s > "
                                        .formatted(first.get(0), first.get(1), first.get(2))),
                frame.get(7) + first);
    }

    @Test
    void soManyFramesAreEnough() throws Exception {
        Run run = plain("-b", "--count", 1, "--top", 3, sample);
        assertEquals(0, run.code(), run.err());
        assertEquals(1, run.out().split("flowscope top", -1).length - 1, run.out());
        assertEquals(3 + 7 + 1, run.out().lines().count(), run.out());
    }

    @Test
    void withoutATerminalOneSentenceNamesTheWay() {
        Run run = Run.of("top", sample);
        assertEquals(2, run.code());
        assertEquals("", run.out());
        assertTrue(run.err().contains("is no terminal with a screen; --batch"), run.err());
    }

    @Test
    void whatCannotBeReadIsSaidAndNeverShown() throws Exception {
        Run run = plain("-b", folder.resolve("no.pcap"));
        assertEquals(1, run.code());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertFalse(run.err().contains("Exception"), run.err());
    }

    @Test
    @Tag("slow")
    void aReaderOfFramesMayGoAway() throws Exception {
        Needs.root();
        Run run =
                Run.shell(
                        "{",
                        command("-b", "--interval", "100ms", "-i", "lo"),
                        "; echo code $? >&2; } | head -n 1");
        assertTrue(run.out().startsWith("flowscope top  lo  live"), run.out() + run.err());
        assertTrue(run.err().endsWith("code 1\n"), run.err());
        assertFalse(run.err().contains("Exception"), run.err());
    }

    @Test
    @Tag("slow")
    void theScreenOfAFileStaysUntilTheUserLeaves() throws Exception {
        try (Pty pty = top(sample)) {
            pty.await("all is read; q leaves");
            pty.await("192 packets, ");
            pty.await("by rate");
            pty.type("b");
            pty.await("by bytes");
            pty.type("\u001b[A?");
            pty.await("sort by round trip");
            pty.type("\u001b");
            pty.await("INITIATOR > RESPONDER");
            pty.type("p");
            pty.await("PAUSED");
            pty.type("q");
            Run run = pty.end();
            assertEquals(0, run.code(), run.out());
            assertGivenBack(run);
            String after = run.out().substring(run.out().lastIndexOf(LEAVE));
            assertTrue(after.contains("flowscope: 192 packets, "), after);
        }
    }

    @Test
    @Tag("slow")
    void theScreenFollowsTheSizeOfTheTerminal() throws Exception {
        try (Pty pty = top(sample)) {
            pty.await("all of it", lines -> lines.size() == 24 && width(lines) == 80);
            pty.resize(120, 12);
            pty.await("a wide one", lines -> lines.size() == 12 && width(lines) == 120);
            pty.resize(40, 10);
            pty.await("a narrow one", lines -> lines.size() == 10 && width(lines) == 40);
            pty.resize(1, 1);
            pty.await("next to none", lines -> lines.size() == 1 && width(lines) == 1);
            pty.resize(100, 40);
            pty.await("a large one", lines -> width(lines) == 100);
            pty.type("q");
            Run run = pty.end();
            assertEquals(0, run.code(), run.out());
            assertGivenBack(run);
        }
    }

    private static int width(List<String> lines) {
        return lines.stream().mapToInt(String::length).max().orElse(0);
    }

    @Test
    @Tag("slow")
    void interruptedItGivesTheTerminalBackAndSaysWhatWasGathered() throws Exception {
        try (Pty pty = top(sample)) {
            pty.await("all is read; q leaves");
            pty.type("\u0003");
            Run run = pty.end();
            assertEquals(130, run.code(), run.out());
            assertGivenBack(run);
            assertTrue(run.out().contains("flowscope: 192 packets, "), run.out());
        }
        try (Pty pty = top(sample)) {
            pty.await("all is read; q leaves");
            assertTrue(pty.jvm().destroy()); // SIGTERM
            Run run = pty.end();
            assertEquals(143, run.code(), run.out());
            assertGivenBack(run);
        }
    }

    @Test
    @Tag("slow")
    void keysComeFromTheTerminalThoughPacketsComeFromStandardInput() throws Exception {
        try (Pty pty = Pty.start(List.of(), "cat '" + sample + "' |", command("-"))) {
            pty.await("standard input  ended");
            pty.type("q");
            Run run = pty.end();
            assertEquals(0, run.code(), run.out());
            assertGivenBack(run);
        }
    }

    @Test
    @Tag("slow")
    void whatIsSaidMeanwhileIsShownAndSaidAgainWhereItStays() throws Exception {
        byte[] bytes = Files.readAllBytes(sample);
        Path cut = Files.write(folder.resolve("cut.pcap"), Arrays.copyOf(bytes, 5000));
        try (Pty pty = top(cut)) {
            pty.await("warning: ");
            pty.type("q");
            Run run = pty.end();
            assertEquals(0, run.code(), run.out());
            assertGivenBack(run);
            String after = run.out().substring(run.out().lastIndexOf(LEAVE));
            assertTrue(after.contains("flowscope: warning: "), after);
        }
    }

    @Test
    @Tag("slow")
    void anInterfaceIsWatchedWhilePacketsCome() throws Exception {
        try (TestNetwork network = TestNetwork.create();
                Pty pty = Pty.start(network.inside(List.of()), "", command("-i", "v1"))) {
            pty.await("flowscope top  v1  live");
            pty.await("0 packets, 0 B, 0 flows; 0 dropped");
            Run sent = network.run("replay", "-i", "v0", sample, "--speed", "0");
            assertEquals(0, sent.code(), sent.err());
            pty.await("192 packets, ");
            pty.await("PROTO INITIATOR > RESPONDER");
            pty.type("q");
            Run run = pty.end();
            assertEquals(0, run.code(), run.out());
            assertGivenBack(run);
            assertTrue(run.out().contains("flowscope: 192 packets, "), run.out());
        }
    }

    @Test
    @Tag("slow")
    void anInterfaceThatIsNotThereIsSaidWithoutAScreen() throws Exception {
        try (Pty pty = top("-i", "nix0")) {
            Run run = pty.end();
            assertEquals(1, run.code(), run.out());
            assertTrue(run.out().contains("there is no interface 'nix0'"), run.out());
            assertFalse(run.out().contains("\u001b"), run.out());
        }
    }
}
