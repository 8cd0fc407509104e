package io.flowscope.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The committed output of jextract is what jextract puts out. */
class RegenerateTest {
    private static final Pattern PATH_OF_A_MACHINE = Pattern.compile("\"/|/usr/|/home/|/tmp/");

    private final Path inputs = Tools.module().resolve("src/jextract");
    private final Path output = Tools.module().resolve("src/generated/java");

    @Test
    @Tag("slow")
    void regeneratingChangesNothing() throws Exception {
        // Not required in CI: few machines have it, and its output depends on their headers.
        assumeTrue(Tools.onPath("jextract"), "needs jextract");
        String script = inputs.resolve("regenerate.sh").toString();
        Tools.Outcome outcome = Tools.run(List.of("sh", script, "--check"));
        assumeTrue(outcome.exitCode() != 2, outcome.output());
        boolean sameVersions = !outcome.output().contains("other versions than last time");
        assumeTrue(
                outcome.exitCode() == 0 || sameVersions,
                "needs the versions in manifest.properties");
        assertEquals(0, outcome.exitCode(), outcome.output());
    }

    @Test
    void whatWasAskedForIsThere() throws IOException {
        TreeSet<String> missing = new TreeSet<>();
        for (String header : List.of("linux", "pcap")) {
            Path folder = output.resolve("io/flowscope/bindings").resolve(header);
            String functions = Files.readString(folder.resolve(header + "_h.java"));
            for (String[] kindAndName : askedFor(header)) {
                String name = kindAndName[1];
                boolean inAFile =
                        switch (kindAndName[0]) {
                            case "struct", "union", "typedef" ->
                                    Files.exists(folder.resolve(name + ".java"));
                            case "function" ->
                                    functions.contains(" " + name + "$descriptor()")
                                            || functions.contains("class " + name + " {");
                            default -> functions.contains(" " + name + "()");
                        };
                if (!inAFile) {
                    missing.add(kindAndName[0] + " " + name);
                }
            }
        }
        assertEquals(new TreeSet<>(), missing);
    }

    @Test
    void noPathOfAMachineIsInTheOutput() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : filesBelow(output)) {
            try (Stream<String> lines = Files.lines(file)) {
                lines.filter(line -> PATH_OF_A_MACHINE.matcher(line).find())
                        .forEach(line -> found.add(output.relativize(file) + ": " + line));
            }
        }
        assertEquals(List.of(), found);
        assertTrue(filesBelow(output).size() > 60);
    }

    /** Kind and name of everything in the argument files of a header. */
    private List<String[]> askedFor(String header) throws IOException {
        try (Stream<Path> files = Files.list(inputs)) {
            return files.filter(f -> f.getFileName().toString().matches(header + ".*\\.args"))
                    .flatMap(RegenerateTest::linesOf)
                    .filter(line -> line.startsWith("--include-"))
                    .map(line -> line.substring("--include-".length()).split(" ", 2))
                    .toList();
        }
    }

    private static Stream<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).collect(Collectors.toList());
        }
    }
}
