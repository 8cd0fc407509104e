package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

@Execution(ExecutionMode.CONCURRENT)
class CommandTest {
    @TempDir Path folder;

    @Test
    void everyCommandHasHelpOnStandardOutput() {
        CommandLine root =
                Flowscope.commandLine(
                        new Stdio(
                                new ByteArrayOutputStream(),
                                new ByteArrayOutputStream(),
                                false,
                                false),
                        new Interruption());
        for (String name : root.getSubcommands().keySet()) {
            Run run = Run.of(name, "--help");
            assertEquals(0, run.code(), name);
            assertTrue(run.out().startsWith("Usage: flowscope " + name), run.out());
            assertEquals("", run.err());
            assertTrue(Run.of("--help").out().contains("  " + name + " "), name);
        }
    }

    @Test
    void theVersionOfTheModuleIsTheProjects() throws Exception {
        Path classes =
                Path.of(
                        Flowscope.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        ModuleDescriptor module =
                ModuleFinder.of(classes).find("io.flowscope.cli").orElseThrow().descriptor();
        String project = Files.readString(Needs.project().resolve("pom.xml"));
        Matcher version = Pattern.compile("<version>(.+?)</version>").matcher(project);
        assertTrue(version.find());
        assertEquals(version.group(1), RootCommand.Version.number(module));
    }

    @Test
    void theVersionNamesTheCommandAndTheJava() {
        Run run = Run.of("--version");
        assertEquals(0, run.code());
        assertTrue(run.out().startsWith("flowscope "), run.out());
        assertTrue(run.out().contains(Runtime.version().toString()), run.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "interfaces --nonsense",
                "interfaces --format nonsense",
                "generate",
                "generate -w x --loss 2",
                "generate -w x --payload many",
                "generate -w x --flows 0",
                "flows",
                "flows -i lo x.pcap",
                "flows --duration 3s x.pcap",
                "flows -i lo --snaplen 0",
                "flows -i lo --profile nonsense",
                "top",
                "top x.pcap",
                "top -i lo",
                "top --count 3 x.pcap",
                "top -b --count 0 x.pcap",
                "top -b --top 0 x.pcap",
                "top -b --interval 1ms x.pcap",
                "top -b --sort nonsense x.pcap",
                "capture -w x",
                "capture -i lo",
                "capture -i lo -w x --count 0",
                "capture -i lo -w x --files 2",
                "capture -i lo -w x --file-size 5",
                "capture -i lo -w x --file-size many",
                "capture -i lo -w - --file-count 5",
                "replay x.pcap",
                "replay -i lo",
                "replay -i lo x --speed -1",
                "replay -i lo x --pps -1",
                "replay -i lo - --loop 2"
            })
    void wrongUsageEndsWithTwoAndSaysSoOnStandardError(String line) {
        Run run = Run.of((Object[]) line.split(" "));
        assertEquals(2, run.code(), line);
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("flowscope"), run.err());
        assertTrue(run.err().contains("--help"), run.err());
        assertFalse(run.err().contains("Exception"), run.err());
        assertFalse(Files.exists(Path.of("x")));
    }

    @Test
    void aMistypedCommandIsGuessed() {
        assertTrue(Run.of("generat").err().contains("generate"));
    }

    @Test
    void theSampleIsGeneratedByteForByte() throws Exception {
        Path file = folder.resolve("sample.pcap");
        Run run = Run.of("generate", "--seed", 1, "-w", file);
        assertEquals(0, run.code(), run.err());
        assertEquals("", run.out());
        assertArrayEquals(
                Files.readAllBytes(Needs.project().resolve("samples/sample.pcap")),
                Files.readAllBytes(file));
    }

    @Test
    void aCaptureOnStandardOutputIsTheSameAsInAFile() throws Exception {
        Path file = folder.resolve("x.pcap");
        Object[] options = {"generate", "--flows", 50, "--packets", 5_000, "--loss", "1%"};
        Run.of(with(options, "-w", file));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(0, Run.into(out, with(options, "-w", "-")).code());
        assertArrayEquals(Files.readAllBytes(file), out.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.pcap.gz", "X.PCAP.GZ", "x.pcap.zst", "x.pcapng", "x.pcapng.gz"})
    void aGeneratedFileIsWhatItsNameSays(String name) throws Exception {
        Path plain = folder.resolve("x.pcap");
        Path named = folder.resolve(name);
        assertEquals(0, Run.of("generate", "--flows", 50, "-w", plain).code());
        Run run = Run.of("generate", "--flows", 50, "-w", named);
        assertEquals(0, run.code(), run.err());
        assertEquals("flowscope: wrote 5000 packets to " + named + "\n", run.err());
        String lower = name.toLowerCase(Locale.ROOT);
        assertEquals(
                lower.endsWith(".gz")
                        ? "1f8b0800"
                        : lower.endsWith(".zst") ? "28b52ffd" : "0a0d0d0a",
                HexFormat.of().formatHex(Files.readAllBytes(named), 0, 4));
        if (lower.equals("x.pcap.gz")) {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(named))) {
                assertArrayEquals(Files.readAllBytes(plain), in.readAllBytes());
            }
        } else if (lower.endsWith(".gz")) {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(named))) {
                assertEquals("0a0d0d0a", HexFormat.of().formatHex(in.readNBytes(4)));
            }
        }
        assertEquals(flows(plain), flows(named));
    }

    private static String flows(Path file) {
        Run run = Run.of("flows", "--format", "ndjson", file);
        assertEquals(0, run.code(), run.err());
        assertEquals(50, run.out().lines().count());
        // Times are finer in pcapng.
        return run.out().replaceAll("\"(started|last_seen|rtt_m[a-z]+_us)\":[^,}]+", "");
    }

    private static Object[] with(Object[] options, Object... more) {
        Object[] all = java.util.Arrays.copyOf(options, options.length + more.length);
        System.arraycopy(more, 0, all, options.length, more.length);
        return all;
    }

    @Test
    void aFileThatCannotBeWrittenIsOneSentence() {
        Path file = folder.resolve("no/such/folder.pcap");
        Run run = Run.of("generate", "-w", file);
        assertEquals(1, run.code());
        assertEquals(
                "flowscope: " + file + " cannot be written: there is no such folder\n", run.err());
        Run debug = Run.of("generate", "--debug", "-w", file);
        assertTrue(debug.err().contains("at io.flowscope.cli"), debug.err());
    }

    @Test
    void anUnknownInterfaceIsOneSentenceThatNamesThoseThereAre() {
        Path file = folder.resolve("x.pcap");
        for (Run run :
                List.of(
                        Run.of("flows", "-i", "nix0"),
                        Run.of("capture", "-i", "nix0", "-w", file),
                        Run.of("replay", "-i", "nix0", file))) {
            assertEquals(1, run.code());
            assertEquals("", run.out());
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(run.err().contains("no interface 'nix0'; there are: "), run.err());
            assertTrue(run.err().contains("lo"), run.err());
        }
        assertFalse(Files.exists(file));
    }

    @Test
    void interfacesListsLoopback() {
        Run table = Run.of("interfaces");
        assertEquals(0, table.code());
        assertTrue(table.out().contains("127.0.0.1/8"), table.out());
        Run lines = Run.of("interfaces", "--format", "ndjson");
        assertTrue(lines.out().contains("{\"name\":\"lo\","), lines.out());
    }

    @Test
    void theCompletionScriptCompletesEveryCommand() throws Exception {
        Needs.tool("bash");
        Run script = Run.of("completion");
        Path file = Files.writeString(folder.resolve("completion.bash"), script.out());
        String complete =
                """
                . "$1"
                COMP_WORDS=(flowscope gen) COMP_CWORD=1 COMP_LINE='flowscope gen'
                COMP_POINT=${#COMP_LINE}
                _complete_flowscope
                echo "${COMPREPLY[@]}"
                """;
        Run run = Run.process(new ProcessBuilder("bash", "-c", complete, "x", file.toString()));
        assertEquals("generate\n", run.out(), run.err());
    }
}
