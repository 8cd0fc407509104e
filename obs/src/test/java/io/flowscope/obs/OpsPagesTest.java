package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What operators copy from our pages. */
class OpsPagesTest {
    private static final Path ROOT = Path.of(System.getProperty("flowscope.root", ".."));
    private static final Pattern BOUND = Pattern.compile("le(=~?)\\\\?\"([^\"\\\\]+)");

    /** Prometheus 3 writes 1e+07 where the page and Prometheus 2 say 1.0E7. */
    @Test
    void boundsOfBucketsAreFoundHoweverPrometheusWritesThem() throws IOException {
        List<String> bounds = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("obs/ops"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Matcher bound = BOUND.matcher(Files.readString(file));
                while (bound.find()) {
                    String text = bound.group(2);
                    bounds.add(text);
                    if (text.equals("+Inf")) {
                        continue;
                    }
                    assertEquals("=~", bound.group(1), file + ": " + text);
                    double value = Double.parseDouble(text.split("\\|", -1)[0]);
                    String three = String.format("%.0e", value);
                    assertTrue(Double.toString(value).matches(text), file + ": " + text);
                    assertTrue(three.matches(text), three + " in " + file + ": " + text);
                }
            }
        }
        assertFalse(bounds.isEmpty());
    }

    @Test
    void theExampleOfAnotherRegistryIsTheOneThatIsCompiled() throws IOException {
        Path source = Path.of("obs/src/test/java/io/flowscope/obs/OtherRegistry.java");
        Matcher snippet =
                Pattern.compile("(?s) *// snippet\n(.*?) *// end\n")
                        .matcher(Files.readString(ROOT.resolve(source)));
        assertTrue(snippet.find());
        String compiled = snippet.group(1).stripTrailing().stripIndent() + "\n";
        Matcher shown =
                Pattern.compile("(?s)```java\n(.*?)```\n")
                        .matcher(Files.readString(ROOT.resolve("obs/ops/scaling.md")));
        assertTrue(shown.find());
        assertEquals(compiled, shown.group(1));
    }

    @Test
    void anotherRegistryHasTheNumbersUntilItHasSentTheLast() {
        List<Double> created = new ArrayList<>();
        SimpleMeterRegistry registry =
                new SimpleMeterRegistry() {
                    @Override
                    public void close() {
                        created.add(created(this));
                        super.close();
                    }
                };
        OtherRegistry.track(
                registry,
                tracker -> {
                    new Traffic(tracker).udp("10.0.0.1", 1, "10.0.0.2", 2, 3);
                    created.add(created(registry));
                });
        assertEquals(List.of(1.0, 1.0), created);
        assertEquals(List.of(), registry.getMeters());
    }

    private static double created(MeterRegistry registry) {
        return registry.get(MetricNames.FLOWS_CREATED).functionCounters().stream()
                .mapToDouble(FunctionCounter::count)
                .sum();
    }
}
