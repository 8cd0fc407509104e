package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The command in a process of its own: what only the system can do to it. */
@Tag("slow")
class BlackBoxTest {
    @TempDir Path folder;

    @Test
    void aFullDiskIsOneSentenceAndAFailure() throws Exception {
        Needs.file("/dev/full");
        Run run = Run.shell("", Run.forked("interfaces"), ">/dev/full");
        assertEquals(1, run.code());
        assertTrue(run.err().startsWith("flowscope: cannot write the output: "), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertEquals(1, Run.shell("", Run.forked("--help"), ">/dev/full").code());
    }

    @Test
    void aReaderThatGoesAwayEndsTheCommandSilently() throws Exception {
        Run run =
                Run.shell(
                        "{",
                        Run.forked("generate", "--flows", "9000", "-w", "-"),
                        "; echo \"code $?\" >&2; } | head -c 24 >/dev/null");
        assertEquals("code 1\n", run.err());
    }

    @Test
    void ctrlCEndsWith130AndLeavesAWholeCapture() throws Exception {
        interrupted("INT", 130);
    }

    @Test
    void sigtermEndsWith143AndLeavesAWholeCapture() throws Exception {
        interrupted("TERM", 143);
    }

    private void interrupted(String signal, int code) throws Exception {
        Path file = folder.resolve("endless.pcap");
        Process process =
                new ProcessBuilder(Run.forked("generate", "--packets", "1000000000", "-w", file))
                        .start();
        while (!file.toFile().exists() || file.toFile().length() < 1_000_000) {
            assertTrue(process.isAlive());
            TimeUnit.MILLISECONDS.sleep(10);
        }
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
        Run run = Run.end(process);
        assertEquals(code, run.code(), run.err());
        assertTrue(run.err().startsWith("flowscope: wrote "), run.err());
        assertFalse(run.err().contains("Exception"), run.err());
    }
}
