package io.flowscope.tracker.stream;

import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.Side;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * What one side of a flow has sent, as {@link StreamHasher} sums it up.
 *
 * @param flow the flow as it was when this side ended
 * @param side who sent these bytes
 * @param length bytes that were seen; gaps contribute nothing to it and to the hash
 * @param sha256 the hash of these bytes, lower case hexadecimal
 * @param gapBytes bytes that are missing
 * @param gaps in how many places
 * @param duplicateBytes bytes that came again
 * @param conflictBytes bytes that came again and were different, as far as that was seen
 * @param oversizeBytes bytes that came and were given up because of a limit of memory
 * @param outOfOrderBytes bytes that came and were given up because of their position
 * @param startedMidStream whether the SYN was not seen
 * @param end how it ended
 * @param file where its bytes were written; null if they were not
 */
public record StreamSummary(
        FlowRecord flow,
        Side side,
        long length,
        String sha256,
        long gapBytes,
        int gaps,
        long duplicateBytes,
        long conflictBytes,
        long oversizeBytes,
        long outOfOrderBytes,
        boolean startedMidStream,
        StreamEnd end,
        @Nullable Path file) {

    /** Whether this is all of it: seen from the SYN to the FIN, nothing lost. */
    public boolean complete() {
        return !startedMidStream && end == StreamEnd.FIN && gaps == 0 && oversizeBytes == 0;
    }

    /** The sender's address as text. */
    public String sourceAddress() {
        return side == Side.INITIATOR ? flow.initiatorAddress() : flow.responderAddress();
    }

    /** The sender's port. */
    public int sourcePort() {
        return side == Side.INITIATOR ? flow.initiatorPort() : flow.responderPort();
    }

    /** The receiver's address as text. */
    public String destinationAddress() {
        return side == Side.INITIATOR ? flow.responderAddress() : flow.initiatorAddress();
    }

    /** The receiver's port. */
    public int destinationPort() {
        return side == Side.INITIATOR ? flow.responderPort() : flow.initiatorPort();
    }
}
