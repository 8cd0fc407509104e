package io.flowscope.obs.resources;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The unified hierarchy: one folder with all files. */
final class ControlGroupV2 extends ControlGroup {
    private static final String[][] DIRECTIONS = {{"rbps", "rbytes"}, {"wbps", "wbytes"}};

    private final Path folder;

    ControlGroupV2(Path folder) {
        this.folder = folder;
    }

    @Override
    @Nullable ResourceReading cpu() {
        long usage = field(folder.resolve("cpu.stat"), "usage_usec");
        if (usage < 0) {
            return null;
        }
        List<String> lines = lines(folder.resolve("cpu.max"));
        String[] parts = lines.isEmpty() ? new String[0] : lines.get(0).strip().split("\\s+", 2);
        return parts.length == 2
                ? cpu(number(parts[0]), number(parts[1]), usage)
                : cpu(-1, -1, usage);
    }

    @Override
    @Nullable ResourceReading memory() {
        long usage = number(folder.resolve("memory.current"));
        return usage < 0
                ? null
                : ResourceReading.level(
                        ResourceType.MEMORY, number(folder.resolve("memory.max")), usage);
    }

    @Override
    @Nullable ResourceReading io() {
        List<String> stat = lines(folder.resolve("io.stat"));
        if (stat.isEmpty()) {
            return null;
        }
        Map<String, Map<String, Long>> limits = devices(lines(folder.resolve("io.max")));
        long usage = 0;
        long limited = 0;
        long limit = 0;
        for (Map.Entry<String, Map<String, Long>> device : devices(stat).entrySet()) {
            for (String[] direction : DIRECTIONS) {
                long bytes = Math.max(0, device.getValue().getOrDefault(direction[1], 0L));
                usage += bytes;
                if (limitOf(limits, device.getKey(), direction[0]) >= 0) {
                    limited += bytes;
                }
            }
        }
        boolean any = false;
        for (Map.Entry<String, Map<String, Long>> device : limits.entrySet()) {
            for (String[] direction : DIRECTIONS) {
                long of = limitOf(limits, device.getKey(), direction[0]);
                any |= of >= 0;
                limit += Math.max(0, of);
            }
        }
        return any
                ? new ResourceReading(ResourceType.IO, limit, usage, limited, limit)
                : new ResourceReading(
                        ResourceType.IO, ResourceReading.UNLIMITED, usage, usage, Double.NaN);
    }

    private static long limitOf(
            Map<String, Map<String, Long>> limits, String device, String direction) {
        return limits.getOrDefault(device, Map.of()).getOrDefault(direction, -1L);
    }

    /** Lines of a device and {@code name=number} pairs. */
    private static Map<String, Map<String, Long>> devices(List<String> lines) {
        Map<String, Map<String, Long>> devices = new HashMap<>();
        for (String line : lines) {
            String[] parts = line.strip().split("\\s+", -1);
            Map<String, Long> numbers = new HashMap<>();
            for (int i = 1; i < parts.length; i++) {
                int equals = parts[i].indexOf('=');
                if (equals > 0) {
                    numbers.put(
                            parts[i].substring(0, equals), number(parts[i].substring(equals + 1)));
                }
            }
            devices.put(parts[0], numbers);
        }
        return devices;
    }
}
