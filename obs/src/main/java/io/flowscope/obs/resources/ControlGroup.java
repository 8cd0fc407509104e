package io.flowscope.obs.resources;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A control group's folder. What a file does not say is left out of the readings; a reading never
 * fails, because files come and go with their group.
 */
public abstract sealed class ControlGroup permits ControlGroupV1, ControlGroupV2 {
    /** Where the kernel's control groups are mounted, nearly always. */
    public static final Path ROOT = Path.of("/sys/fs/cgroup");

    private static final Path OWN = Path.of("/proc/self/cgroup");

    ControlGroup() {}

    /** The group of this process. */
    public static ControlGroup own() {
        return own(ROOT, OWN);
    }

    /**
     * The group that a file in the form of {@code /proc/self/cgroup} names, below a root. In a
     * container that sees only its own groups, the root itself is the group.
     */
    public static ControlGroup own(Path root, Path membership) {
        List<String> lines = lines(membership);
        if (!isV2(root)) {
            return new ControlGroupV1(root, lines);
        }
        for (String line : lines) {
            if (line.startsWith("0::/")) {
                Path below = below(root, line.substring(3));
                return new ControlGroupV2(Files.isDirectory(below) ? below : root);
            }
        }
        return new ControlGroupV2(root);
    }

    /** The group whose files are in a folder; for v1 in one folder per controller below it. */
    public static ControlGroup at(Path root) {
        return isV2(root) ? new ControlGroupV2(root) : new ControlGroupV1(root, List.of());
    }

    private static boolean isV2(Path root) {
        return Files.exists(root.resolve("cgroup.controllers"));
    }

    static Path below(Path root, String absolute) {
        Path path = root.resolve(absolute.replaceFirst("^/+", "")).normalize();
        return path.startsWith(root.normalize()) ? path : root;
    }

    /** What can be read now; without those resources that nothing is known of. */
    public final List<ResourceReading> read() {
        List<ResourceReading> readings = new ArrayList<>(3);
        add(readings, cpu());
        add(readings, memory());
        add(readings, io());
        return readings;
    }

    private static void add(List<ResourceReading> to, @Nullable ResourceReading reading) {
        if (reading != null) {
            to.add(reading);
        }
    }

    abstract @Nullable ResourceReading cpu();

    abstract @Nullable ResourceReading memory();

    abstract @Nullable ResourceReading io();

    /** Processor time: the quota may be spent once per period. */
    static ResourceReading cpu(long quotaMicros, long periodMicros, long usageMicros) {
        boolean limited = quotaMicros > 0 && periodMicros > 0;
        return new ResourceReading(
                ResourceType.CPU,
                limited ? quotaMicros : ResourceReading.UNLIMITED,
                usageMicros,
                usageMicros,
                limited ? 1e6 * quotaMicros / periodMicros : Double.NaN);
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException notThere) {
            return List.of();
        }
    }

    /** The file's only number, -1 if there is none: also for the word max. */
    static long number(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? -1 : number(lines.get(0).strip());
    }

    static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }

    /** The number behind a word at the beginning of a line, -1 if there is none. */
    static long field(Path file, String name) {
        for (String line : lines(file)) {
            if (line.startsWith(name + " ")) {
                return number(line.substring(name.length() + 1).strip());
            }
        }
        return -1;
    }
}
