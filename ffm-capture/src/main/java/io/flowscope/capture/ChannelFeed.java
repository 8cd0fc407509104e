package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Reads a channel straight into off-heap memory. */
final class ChannelFeed implements ByteFeed {
    private final ReadableByteChannel channel;

    /** A read that may wait for a peer is ended by closing the channel; a file's never waits. */
    private final boolean mayWait;

    /** The memory read into last, as a buffer: the same again and again, so made once. */
    private @Nullable MemorySegment viewed;

    private ByteBuffer view = ByteBuffer.allocate(0);

    ChannelFeed(ReadableByteChannel channel, boolean mayWait) {
        this.channel = channel;
        this.mayWait = mayWait;
    }

    @Override
    public int read(MemorySegment memory, long offset, int room) throws IOException {
        if (!memory.equals(viewed)) {
            viewed = memory;
            view = memory.asByteBuffer();
        }
        view.limit((int) offset + room).position((int) offset);
        int read;
        do {
            read = channel.read(view);
        } while (read == 0);
        return read;
    }

    @Override
    public void interrupt() {
        if (mayWait) {
            close();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing was written; there is nothing to lose and nobody to tell.
            return;
        }
    }
}
