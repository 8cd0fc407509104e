package io.flowscope.obs.resources;

/** Hears when a resource's alert level changes; called on the thread that polls. */
@FunctionalInterface
public interface ResourceListener {
    /**
     * The level is another one now, higher or lower.
     *
     * @param before the level so far
     * @param now the new state
     */
    void onLevelChange(AlertLevel before, ResourceState now);
}
