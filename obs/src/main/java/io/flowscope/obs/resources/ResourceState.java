package io.flowscope.obs.resources;

/**
 * A resource as it stands.
 *
 * @param namespace whose it is
 * @param reading the last look at it
 * @param utilizationPercent how much of the limit is used; above 100 it is exceeded; NaN without a
 *     limit, and for what only grows until there were two looks
 * @param level how near the limit it is
 */
public record ResourceState(
        String namespace, ResourceReading reading, double utilizationPercent, AlertLevel level) {}
