package io.flowscope.obs.resources;

/**
 * One look at one resource.
 *
 * @param type which
 * @param limit memory: bytes; cpu: microseconds per period; io: bytes per second; -1 for unlimited
 * @param usage memory: bytes; cpu: microseconds since the group began; io: bytes since then
 * @param limitedUsage the part of the usage that counts against the limit
 * @param allowedPerSecond how much of a usage that only grows is allowed in a second; NaN for one
 *     that also shrinks
 */
public record ResourceReading(
        ResourceType type, long limit, long usage, long limitedUsage, double allowedPerSecond) {
    static final long UNLIMITED = -1;

    /** Whether there is a limit. */
    public boolean limited() {
        return limit >= 0;
    }

    static ResourceReading level(ResourceType type, long limit, long usage) {
        return new ResourceReading(type, limit, usage, usage, Double.NaN);
    }
}
