package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.FlowHook;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What is loaded with everything off, one gate on, and without the libraries: each in a JVM. */
class SwitchedOffTest {
    private static final Pattern LIBRARIES =
            Pattern.compile("micrometer|prometheus|log4j|HdrHistogram");

    private static String run(String classPath, String main, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-Xlog:class+load", "-cp", classPath, main));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), output);
            return output;
        } finally {
            process.destroy();
        }
    }

    private static String whole() {
        return System.getProperty("java.class.path");
    }

    /** The class path without the jars that only observability needs. */
    private static String bare() {
        return Arrays.stream(whole().split(File.pathSeparator, -1))
                .filter(p -> !LIBRARIES.matcher(Path.of(p).getFileName().toString()).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean loaded(String output, String name) {
        return output.lines().anyMatch(l -> l.contains("[class,load] " + name));
    }

    @Test
    void nothingOfTheLibrariesIsLoadedWithEverythingOff() throws Exception {
        String output = run(whole(), OffProgram.class.getName());
        assertTrue(output.contains("tracked 8"), output);
        assertFalse(loaded(output, "io.micrometer"), "Micrometer");
        assertFalse(loaded(output, "org.apache.logging"), "log4j");
        assertFalse(loaded(output, "io.prometheus"), "Prometheus");
        assertFalse(loaded(output, "io.flowscope.obs.Hooks"), "the provider");
    }

    @Test
    void theTrackerWorksWithoutTheLibraries() throws Exception {
        String output = run(bare(), OffProgram.class.getName());
        assertTrue(output.contains("tracked 8"), output);
    }

    @Test
    void metricsLoadNoLog4jAndTracingNoMicrometer() throws Exception {
        String metrics = run(whole(), OffProgram.class.getName(), "-Dflowscope.metrics=true");
        assertTrue(loaded(metrics, "io.micrometer.core"), metrics);
        assertFalse(loaded(metrics, "io.flowscope.obs.trace"), "tracing");
        String tracing = run(whole(), OffProgram.class.getName(), "-Dflowscope.tracing=true");
        assertTrue(loaded(tracing, "org.apache.logging.log4j.LogManager"), "log4j");
        assertFalse(loaded(tracing, "io.micrometer"), "Micrometer");
    }

    @Test
    void messagesAreTracedWithTheirOwnSwitchAlone() throws Exception {
        String output =
                run(whole(), OffProgram.class.getName(), "-Dflowscope.tracing.messages=true");
        assertTrue(loaded(output, "org.apache.logging.log4j.LogManager"), "log4j");
        assertTrue(loaded(output, "io.flowscope.obs.trace.TracingHook"), "tracing");
    }

    @Test
    void aHookHandedOverWithItsGateOffIsRefusedWithTheLineToAdd() throws Exception {
        String output = run(whole(), Refused.class.getName());
        assertTrue(output.contains("-Dflowscope.metrics=true"), output);
        assertTrue(output.contains("-Dflowscope.tracing=true"), output);
    }

    /** Hands hooks over although they are switched off. */
    static final class Refused {
        private Refused() {}

        public static void main(String[] arguments) {
            FlowHook hook = new FlowHook() {};
            for (TrackerOptions options :
                    List.of(
                            TrackerOptions.builder().metricsHook(hook).build(),
                            TrackerOptions.builder().tracingHook(hook).build())) {
                try {
                    new FlowTracker(options).close();
                    System.out.println("accepted");
                } catch (IllegalStateException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }
}
