package io.flowscope.obs.resources;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The first hierarchy: one folder per controller, or per pair of them. */
final class ControlGroupV1 extends ControlGroup {
    /** The kernel's way to say that memory is not limited is a number near this. */
    private static final long NO_LIMIT = 1L << 60;

    private final Path root;
    private final List<String> membership;

    ControlGroupV1(Path root, List<String> membership) {
        this.root = root;
        this.membership = membership;
    }

    /** The folder of a controller's group, null if the controller is not mounted. */
    private @Nullable Path folder(String controller) {
        for (String name : names(controller)) {
            Path mount = root.resolve(name);
            if (Files.isDirectory(mount)) {
                Path own = below(mount, path(controller));
                return Files.isDirectory(own) ? own : mount;
            }
        }
        return null;
    }

    private static List<String> names(String controller) {
        return controller.startsWith("cpu")
                ? List.of(controller, "cpu,cpuacct", "cpuacct,cpu")
                : List.of(controller);
    }

    private String path(String controller) {
        for (String line : membership) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && Arrays.asList(parts[1].split(",", -1)).contains(controller)) {
                return parts[2];
            }
        }
        return "/";
    }

    @Override
    @Nullable ResourceReading cpu() {
        Path accounting = folder("cpuacct");
        long nanos = accounting == null ? -1 : number(accounting.resolve("cpuacct.usage"));
        if (nanos < 0) {
            return null;
        }
        Path cpu = folder("cpu");
        return cpu == null
                ? cpu(-1, -1, nanos / 1000)
                : cpu(
                        number(cpu.resolve("cpu.cfs_quota_us")),
                        number(cpu.resolve("cpu.cfs_period_us")),
                        nanos / 1000);
    }

    @Override
    @Nullable ResourceReading memory() {
        Path memory = folder("memory");
        long usage = memory == null ? -1 : number(memory.resolve("memory.usage_in_bytes"));
        if (memory == null || usage < 0) {
            return null;
        }
        List<String> limit = lines(memory.resolve("memory.limit_in_bytes"));
        long bytes = limit.isEmpty() ? -1 : number(limit.get(0).strip());
        return ResourceReading.level(ResourceType.MEMORY, bytes < NO_LIMIT ? bytes : -1, usage);
    }

    @Override
    @Nullable ResourceReading io() {
        Path block = folder("blkio");
        if (block == null) {
            return null;
        }
        List<String> stat = lines(block.resolve("blkio.throttle.io_service_bytes"));
        if (stat.isEmpty()) {
            return null;
        }
        List<String> limitedReads = new ArrayList<>();
        List<String> limitedWrites = new ArrayList<>();
        long limit =
                limits(block.resolve("blkio.throttle.read_bps_device"), limitedReads)
                        + limits(block.resolve("blkio.throttle.write_bps_device"), limitedWrites);
        long usage = 0;
        long limited = 0;
        for (String line : stat) {
            // device, Read or Write or others, bytes; the last line is a total of all.
            String[] parts = line.strip().split("\\s+", -1);
            boolean read = parts.length == 3 && parts[1].equals("Read");
            if (read || parts.length == 3 && parts[1].equals("Write")) {
                long bytes = Math.max(0, number(parts[2]));
                usage += bytes;
                limited += (read ? limitedReads : limitedWrites).contains(parts[0]) ? bytes : 0;
            }
        }
        return limitedReads.isEmpty() && limitedWrites.isEmpty()
                ? new ResourceReading(
                        ResourceType.IO, ResourceReading.UNLIMITED, usage, usage, Double.NaN)
                : new ResourceReading(ResourceType.IO, limit, usage, limited, limit);
    }

    /** The sum of a file's limits; the devices that have one are added to a list. */
    private static long limits(Path file, List<String> devices) {
        long sum = 0;
        for (String line : lines(file)) {
            String[] parts = line.strip().split("\\s+", -1);
            long limit = parts.length == 2 ? number(parts[1]) : -1;
            if (limit > 0) {
                devices.add(parts[0]);
                sum += limit;
            }
        }
        return sum;
    }
}
