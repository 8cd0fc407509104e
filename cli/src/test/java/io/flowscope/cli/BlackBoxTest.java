package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

    @Test
    void ctrlCWhileWaitingForInputPrintsTheFlowsSoFar() throws Exception {
        byte[] sample = Files.readAllBytes(Needs.project().resolve("samples/sample.pcap"));
        Process process =
                new ProcessBuilder(Run.forked("flows", "--format", "ndjson", "-")).start();
        OutputStream input = process.getOutputStream();
        input.write(sample, 0, sample.length - 1);
        input.flush();
        // Everything is read when the pipe is empty and the command waits for more.
        Quiet.await(process);
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        Run run = Run.end(process);
        assertEquals(130, run.code(), run.err());
        assertEquals(24, Json.lines(run.out()).size(), run.out());
        assertTrue(run.err().contains("flowscope: 191 packets"), run.err());
        assertFalse(run.err().contains("Exception"), run.err());
    }

    @Test
    void aFileOfSomebodyElseIsOneSentence() throws Exception {
        Needs.root();
        Needs.tool("setpriv");
        Path secret = Files.createFile(folder.resolve("secret.pcap"));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        // Root without the capability to overlook permissions.
        Run run =
                Run.shell(
                        "setpriv --bounding-set=-dac_override,-dac_read_search",
                        Run.forked("flows", secret),
                        "");
        assertEquals(1, run.code(), run.err());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains("secret.pcap"), run.err());
    }

    @Test
    void theFirstLineOfManyIsEnoughForHead() throws Exception {
        Path many = folder.resolve("many.pcap");
        assertEquals(
                0, Run.of("generate", "--flows", 20_000, "--packets", 60_000, "-w", many).code());
        Run run =
                Run.shell(
                        "{",
                        Run.forked("flows", "--format", "csv", "--summary", "none", many),
                        "; echo \"code $?\" >&2; } | head -1");
        assertTrue(run.out().startsWith("proto,src,"), run.out());
        assertEquals("code 1\n", run.err());
    }
}
