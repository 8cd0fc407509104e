package io.flowscope.tracker;

import org.jspecify.annotations.Nullable;

/**
 * Finds hooks for trackers whose options name none; looked up with {@link java.util.ServiceLoader}
 * when a tracker is made and a gate is open.
 */
public interface FlowHookProvider {
    /** The hook for metrics, null for none. */
    @Nullable FlowHook metrics();

    /** The hook for tracing, null for none. */
    @Nullable FlowHook tracing();
}
