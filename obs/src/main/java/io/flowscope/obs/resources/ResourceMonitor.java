package io.flowscope.obs.resources;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at the resources of one or more control groups, each under the name of a namespace. Whoever
 * owns it calls {@link #poll} every few seconds, on one thread; {@link #states} is for any.
 */
public final class ResourceMonitor {
    /** The most namespaces that are looked at. */
    public static final int MOST_NAMESPACES = 1000;

    private static final Path KUBERNETES =
            Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");
    private static final ResourceListener NOBODY = (before, now) -> {};

    private final Map<String, ControlGroup> groups;
    private final AlertThresholds thresholds;
    private final ResourceListener listener;
    private final Map<String, Look> before = new HashMap<>();
    private volatile List<ResourceState> states = List.of();

    private record Look(ResourceReading reading, long atNanos, AlertLevel level) {}

    /**
     * A monitor.
     *
     * @param groups by namespace
     * @param listener hears of changes of level
     */
    public ResourceMonitor(
            Map<String, ControlGroup> groups,
            AlertThresholds thresholds,
            ResourceListener listener) {
        if (groups.size() > MOST_NAMESPACES) {
            throw new IllegalArgumentException(
                    "groups: at most " + MOST_NAMESPACES + ", were " + groups.size());
        }
        this.groups = new LinkedHashMap<>(groups);
        this.thresholds = thresholds;
        this.listener = listener;
    }

    /** Of this process alone, with the usual thresholds. */
    public static ResourceMonitor own() {
        return new ResourceMonitor(
                Map.of(
                        ownNamespace(System.getenv("POD_NAMESPACE"), KUBERNETES),
                        ControlGroup.own()),
                AlertThresholds.DEFAULT,
                NOBODY);
    }

    /** The Kubernetes namespace from the environment, else from a file, else {@code unknown}. */
    static String ownNamespace(@Nullable String environment, Path file) {
        if (environment != null && !environment.isBlank()) {
            return environment.strip();
        }
        if (Files.isRegularFile(file)) {
            List<String> lines = ControlGroup.lines(file);
            if (!lines.isEmpty() && !lines.get(0).isBlank()) {
                return lines.get(0).strip();
            }
        }
        return "unknown";
    }

    /**
     * Reads all groups.
     *
     * @param nowNanos of {@link System#nanoTime}
     */
    public void poll(long nowNanos) {
        List<ResourceState> now = new ArrayList<>();
        groups.forEach(
                (namespace, group) ->
                        group.read().forEach(r -> now.add(look(namespace, r, nowNanos))));
        states = List.copyOf(now);
    }

    /** The states at the last poll. */
    public List<ResourceState> states() {
        return states;
    }

    private ResourceState look(String namespace, ResourceReading reading, long nowNanos) {
        String key = reading.type().label() + ' ' + namespace;
        Look last = before.get(key);
        double percent = utilization(reading, last, nowNanos);
        AlertLevel levelBefore = last == null ? AlertLevel.NONE : last.level();
        AlertLevel level = Double.isNaN(percent) ? AlertLevel.NONE : thresholds.levelAt(percent);
        before.put(key, new Look(reading, nowNanos, level));
        ResourceState state = new ResourceState(namespace, reading, percent, level);
        if (level != levelBefore) {
            listener.onLevelChange(levelBefore, state);
        }
        return state;
    }

    private static double utilization(ResourceReading now, @Nullable Look last, long nowNanos) {
        if (!now.limited()) {
            return Double.NaN;
        }
        if (Double.isNaN(now.allowedPerSecond())) {
            return now.limit() == 0 ? Double.NaN : 100.0 * now.usage() / now.limit();
        }
        if (last == null || nowNanos <= last.atNanos()) {
            return Double.NaN;
        }
        // A group that was made anew begins at 0 again.
        long grown = Math.max(0, now.limitedUsage() - last.reading().limitedUsage());
        double seconds = 1e-9 * (nowNanos - last.atNanos());
        return 100 * grown / seconds / now.allowedPerSecond();
    }
}
