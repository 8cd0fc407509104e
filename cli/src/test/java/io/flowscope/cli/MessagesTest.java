package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** What the command says when something is wrong. */
@Execution(ExecutionMode.CONCURRENT)
class MessagesTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flows nowhere.pcap",
                "flows --merge nowhere.pcap nothing.pcap",
                "streams nowhere.pcap",
                "flows -i nix0",
                "replay -i lo nowhere.pcap"
            })
    void aStackTraceIsShownToThoseWhoAskForOneOnly(String line) {
        Run run = Run.of((Object[]) line.split(" "));
        assertEquals(1, run.code());
        assertFalse(run.err().contains("\tat "), run.err());
        Run debug = Run.of((Object[]) (line + " --debug").split(" "));
        assertEquals(1, debug.code());
        assertTrue(debug.err().startsWith("flowscope: there is no "), debug.err());
        assertTrue(debug.err().contains("\tat io.flowscope.capture") || line.contains("nix0"));
        assertTrue(debug.err().contains("\tat io.flowscope.cli"), debug.err());
    }

    @Test
    void nothingIsSaidToBeWrittenThatIsNot() {
        Needs.file("/dev/full");
        Run run = Run.of("generate", "-w", "/dev/full");
        assertEquals(1, run.code());
        assertFalse(run.err().contains("wrote"), run.err());
        assertTrue(run.err().contains("/dev/full cannot be written: "), run.err());
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("no room");
                    }
                };
        Run streamed = Run.into(full, "generate", "-w", "-");
        assertEquals(1, streamed.code());
        assertEquals("flowscope: cannot write the output: no room\n", streamed.err());
        assertTrue(Run.of("generate", "-w", folder.resolve("x")).err().contains("wrote 192 "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flows a\0b",
                "flows --merge a\0b c\0d",
                "replay -i lo a\0b",
                "generate -w a\0b"
            })
    void aNameThatNoFileCanHaveIsOneClearSentence(String line) {
        Run run = Run.of((Object[]) line.split(" "));
        assertEquals(1, run.code());
        String first = run.err().lines().findFirst().orElseThrow();
        assertTrue(first.matches("flowscope: cannot (read|write) a\0b: .*"), first);
        assertFalse(run.err().contains("unexpected"), run.err());
        assertFalse(run.err().contains("Exception"), run.err());
    }

    @Test
    void filesAreMergedWithoutThoseWhoseNamesAreImpossible() {
        Path good = folder.resolve("good.pcap");
        assertEquals(0, Run.of("generate", "-w", good).code());
        Run run = Run.of("flows", "--merge", "--format", "csv", "a\0b", good, good);
        assertEquals(1, run.code());
        assertTrue(run.err().contains("cannot read a\0b: "), run.err());
        assertTrue(run.out().lines().count() > 10, run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bogus --help", "--help bogus", "bogus --version", "-h bogus"})
    void helpForACommandThatDoesNotExistIsWrongUsage(String line) {
        Run run = Run.of((Object[]) line.split(" "));
        assertEquals(2, run.code());
        assertEquals("", run.out());
        assertTrue(run.err().contains("'bogus'"), run.err());
    }

    @Test
    void whatStandsForAllInterfacesCannotSend() {
        Path file = folder.resolve("x.pcap");
        Run run = Run.of("replay", "-i", "any", file);
        assertEquals(1, run.code());
        assertTrue(
                run.err().contains("'any' stands for all interfaces and cannot send"), run.err());
        assertFalse(run.err().contains(", any"), run.err());
        Run unknown = Run.of("replay", "-i", "nix0", file);
        assertFalse(unknown.err().contains(", any"), unknown.err());
        assertTrue(Run.of("flows", "-i", "nix0").err().contains(", any"));
    }

    @Test
    void wrongValuesOfGenerateAreNamedAsTheyWereTyped() {
        assertSaid("--flows: from 1 to 100000000, was 0", "--flows", 0);
        assertSaid("--payload: ≤ 8900, was 70000", "--payload", 70_000);
        assertSaid("--payload: from less to more, was 9", "--payload", "9-5");
        assertSaid("--packets: ≥ --flows, was 5", "--packets", 5);
        assertSaid("--concurrent: ≥ 1, was -1", "--concurrent", -1);
        assertSaid("--flows: from 1 to 100000000, was -3", "--flows", -3, "--concurrent", 5);
    }

    private void assertSaid(String sentence, Object... options) {
        Object[] line = new Object[options.length + 3];
        line[0] = "generate";
        line[1] = "-w";
        line[2] = folder.resolve("never");
        System.arraycopy(options, 0, line, 3, options.length);
        Run run = Run.of(line);
        assertEquals(2, run.code());
        String first = run.err().lines().findFirst().orElseThrow();
        assertEquals("flowscope generate: " + sentence, first);
    }
}
