package io.flowscope.obs.resources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ResourceMonitorTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir private Path root;
    private final List<String> heard = new ArrayList<>();

    private void file(String name, String text) throws IOException {
        Files.writeString(root.resolve(name), text);
    }

    private ResourceMonitor monitor() throws IOException {
        file("cgroup.controllers", "");
        return new ResourceMonitor(
                Map.of("shop", ControlGroup.at(root)),
                AlertThresholds.DEFAULT,
                (before, now) ->
                        heard.add(
                                now.namespace()
                                        + " "
                                        + now.reading().type().label()
                                        + " "
                                        + before.number()
                                        + "→"
                                        + now.level().number()));
    }

    @Test
    void cpuIsTheShareOfWhatTheQuotaAllowed() throws IOException {
        ResourceMonitor monitor = monitor();
        file("cpu.max", "50000 100000\n");
        file("cpu.stat", "usage_usec 1000000\n");
        monitor.poll(0);
        assertTrue(Double.isNaN(monitor.states().get(0).utilizationPercent()), "one look");
        file("cpu.stat", "usage_usec 2250000\n");
        monitor.poll(5 * SECOND);
        assertEquals(50, monitor.states().get(0).utilizationPercent(), 1e-9);
        file("cpu.stat", "usage_usec 5250000\n");
        monitor.poll(10 * SECOND);
        assertEquals(120, monitor.states().get(0).utilizationPercent(), 1e-9, "not clamped");
        file("cpu.stat", "usage_usec 0\n");
        monitor.poll(15 * SECOND);
        assertEquals(0, monitor.states().get(0).utilizationPercent(), 1e-9);
        assertEquals(List.of("shop cpu 0→3", "shop cpu 3→0"), heard);
    }

    @Test
    void levelsChangeAtTheirThresholds() throws IOException {
        ResourceMonitor monitor = monitor();
        file("memory.max", "1000\n");
        for (int usage : new int[] {799, 800, 899, 900, 950, 1100, 10}) {
            file("memory.current", usage + "\n");
            monitor.poll(usage);
        }
        assertEquals(
                List.of("shop memory 0→1", "shop memory 1→2", "shop memory 2→3", "shop memory 3→0"),
                heard);
    }

    @Test
    void whatIsNotLimitedHasNoUtilisation() throws IOException {
        ResourceMonitor monitor = monitor();
        file("memory.max", "max\n");
        file("memory.current", "5\n");
        monitor.poll(0);
        assertTrue(Double.isNaN(monitor.states().get(0).utilizationPercent()));
        assertEquals(AlertLevel.NONE, monitor.states().get(0).level());
    }

    @Test
    void theNamespaceComesFromTheEnvironmentOrTheFile() throws IOException {
        file("namespace", "from-file\n");
        Path file = root.resolve("namespace");
        assertEquals("from-env", ResourceMonitor.ownNamespace(" from-env ", file));
        assertEquals("from-file", ResourceMonitor.ownNamespace("", file));
        assertEquals("unknown", ResourceMonitor.ownNamespace(null, root.resolve("none")));
    }

    @Test
    void thresholdsRise() {
        assertThrows(IllegalArgumentException.class, () -> new AlertThresholds(90, 80, 95));
        assertThrows(IllegalArgumentException.class, () -> new AlertThresholds(0, 80, 95));
    }
}
