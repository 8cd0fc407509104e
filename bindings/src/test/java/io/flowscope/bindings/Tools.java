package io.flowscope.bindings;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Linker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that a test needs, and what they said. */
public final class Tools {
    private static final long LIMIT_SECONDS = 60;

    /** What a program left: how it ended, and what it printed on both outputs. */
    public record Outcome(int exitCode, String output) {}

    private Tools() {}

    /** Skips the test if something is missing; in CI that is a failure. */
    public static void require(boolean present, String reason) {
        if ("true".equals(System.getenv("CI"))) {
            assertTrue(present, reason);
        }
        assumeTrue(present, reason);
    }

    public static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String folder : path.split(File.pathSeparator, -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /** The folder of this module, wherever the tests were started. */
    public static Path module() {
        return Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
    }

    public static Outcome run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("tool", ".out");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("took too long: " + command);
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    /** Whether the C library has a function, which may be younger or another one's. */
    public static boolean inTheCLibrary(String function) {
        return Linker.nativeLinker().defaultLookup().find(function).isPresent();
    }

    /** Runs the main method of a class of the tests in a JVM of its own. */
    public static Outcome runJava(Class<?> main, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java()));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return run(command);
    }

    /** The JDK that runs the tests. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
