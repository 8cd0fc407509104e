package io.flowscope.tracker;

import io.flowscope.tracker.stream.StreamView;

import org.jspecify.annotations.Nullable;

/** A stream as a consumer sees it that is not alone: what it asks for is noted, not yet done. */
final class SharedView implements StreamView {
    private @Nullable StreamView stream;
    private boolean sideStopped;
    private boolean bothStopped;
    private boolean failed;

    /** Begins a call about a side. */
    SharedView over(StreamView of) {
        stream = of;
        sideStopped = false;
        bothStopped = false;
        failed = false;
        return this;
    }

    boolean stoppedSide() {
        return sideStopped;
    }

    boolean stopped() {
        return bothStopped;
    }

    boolean failed() {
        return failed;
    }

    private StreamView stream() {
        StreamView present = stream;
        if (present == null) {
            throw new IllegalStateException("a stream's view is valid during the call only");
        }
        return present;
    }

    @Override
    public FlowView flow() {
        return stream().flow();
    }

    @Override
    public Side side() {
        return stream().side();
    }

    @Override
    public long offset() {
        return stream().offset();
    }

    @Override
    public boolean startedMidStream() {
        return stream().startedMidStream();
    }

    @Override
    public long deliveredBytes() {
        return stream().deliveredBytes();
    }

    @Override
    public long duplicateBytes() {
        return stream().duplicateBytes();
    }

    @Override
    public long oversizeBytes() {
        return stream().oversizeBytes();
    }

    @Override
    public long outOfOrderBytes() {
        return stream().outOfOrderBytes();
    }

    @Override
    public long ignoredBytes() {
        return stream().ignoredBytes();
    }

    @Override
    public long gapBytes() {
        return stream().gapBytes();
    }

    @Override
    public int gaps() {
        return stream().gaps();
    }

    @Override
    public long conflictBytes() {
        return stream().conflictBytes();
    }

    @Override
    public int highWaterBytes() {
        return stream().highWaterBytes();
    }

    @Override
    public void stopSide() {
        sideStopped = true;
    }

    @Override
    public void stop() {
        bothStopped = true;
    }

    @Override
    public void fail() {
        failed = true;
    }
}
