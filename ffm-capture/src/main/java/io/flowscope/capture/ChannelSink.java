package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Writes off-heap memory straight to a channel. */
final class ChannelSink implements ByteSink {
    private final WritableByteChannel channel;

    /** The memory written last, as a buffer: the same again and again, so made once. */
    private @Nullable MemorySegment viewed;

    private ByteBuffer view = ByteBuffer.allocate(0);

    ChannelSink(WritableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(MemorySegment memory, int length) throws IOException {
        if (!memory.equals(viewed)) {
            viewed = memory;
            view = memory.asByteBuffer();
        }
        view.limit(length).position(0);
        while (view.hasRemaining()) {
            channel.write(view);
        }
    }

    @Override
    public void flush() {
        // The channel keeps nothing back.
    }

    @Override
    public void end() throws IOException {
        channel.close();
    }

    @Override
    public void abandon() {
        try {
            channel.close();
        } catch (IOException e) {
            // The failure that led here is the one to tell.
            return;
        }
    }
}
