package io.flowscope.cli.streams;

import io.flowscope.tracker.stream.StreamSummary;

import org.jspecify.annotations.Nullable;

/** Takes the directions of TCP flows in the order in which they end. */
public interface StreamOutput {
    /**
     * Writes one direction.
     *
     * @param file the input it was found in, null where there is only one
     */
    void write(@Nullable String file, StreamSummary stream);

    /** Writes what comes after the last one. */
    default void end() {}
}
