package io.flowscope.tracker;

import io.flowscope.tracker.key.FlowKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** Chooses the idle timeout of single flows. */
@FunctionalInterface
public interface FlowTimeout {
    /**
     * Called once, when a flow starts.
     *
     * @param key the flow's key
     * @param protocol its protocol number, 0 where the key has none
     * @return how long it may be idle, at least a nanosecond; null for its protocol's timeout
     */
    @Nullable Duration of(FlowKey key, int protocol);
}
