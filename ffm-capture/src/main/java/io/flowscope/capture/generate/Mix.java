package io.flowscope.capture.generate;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** The frames of an {@link Office}, in time order. */
final class Mix implements FrameStream {
    private static final int MOST_FRAME_BYTES = 1_600;

    private final MemorySegment memory;
    private final List<FrameList.Frame> frames;
    private final int conversations;
    private int handed;

    Mix(long seed) {
        var list = new FrameList(BATCH_BYTES + MOST_FRAME_BYTES);
        var office = new Office(list, seed);
        office.work();
        conversations = office.conversations();
        memory = list.memory();
        frames = list.sorted();
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public int mostFrameBytes() {
        return MOST_FRAME_BYTES;
    }

    @Override
    public int next(long offset) {
        if (handed == frames.size()) {
            return 0;
        }
        FrameList.Frame frame = frames.get(handed++);
        MemorySegment.copy(memory, frame.offset(), memory, offset, frame.length());
        return frame.length();
    }

    @Override
    public long timestampNanos() {
        return frames.get(handed - 1).timestampNanos();
    }

    @Override
    public TrafficCounts counts() {
        return new TrafficCounts(conversations, handed, 0, 0, 0, 0);
    }
}
