package io.flowscope.tracker.stream;

import io.flowscope.tracker.FlowView;

import org.jspecify.annotations.Nullable;

/** Decides for each new TCP flow whether its streams are reassembled, and who takes them. */
@FunctionalInterface
public interface StreamConsumerFactory {
    /**
     * A TCP flow begins.
     *
     * @param flow valid during the call only
     * @return who takes its two streams; null leaves the flow without reassembly
     */
    @Nullable StreamConsumer open(FlowView flow);
}
