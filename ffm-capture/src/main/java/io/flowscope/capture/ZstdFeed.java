package io.flowscope.capture;

import io.flowscope.bindings.zstd.Zstd;
import io.flowscope.bindings.zstd.ZstdBuffers;
import io.flowscope.bindings.zstd.ZstdDecoder;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Decompresses zstd frames, one after the other, with libzstd. */
final class ZstdFeed implements ByteFeed {
    private final ByteFeed below;
    private final MemorySegment input;
    private final ZstdDecoder decoder;
    private final ZstdBuffers buffers;

    /** Negative once decompression failed: what libzstd answered. */
    private long result;

    private boolean inFrame = true;
    private boolean inputEnded;

    /**
     * Over a feed whose first bytes were read already.
     *
     * @param arena owns what libzstd allocates
     * @param input memory of this feed's own, the first {@code length} bytes of which are filled
     */
    ZstdFeed(ByteFeed below, Arena arena, MemorySegment input, int length) {
        this.below = below;
        this.input = input;
        decoder = ZstdDecoder.open(arena);
        buffers = new ZstdBuffers(arena);
        buffers.input(input.asSlice(0, length));
    }

    @Override
    public int read(MemorySegment memory, long offset, int room) throws IOException {
        if (result < 0) {
            throw new IOException("damaged zstd data: " + Zstd.errorName(result));
        }
        buffers.output(memory.asSlice(offset, room));
        while (true) {
            if (buffers.remaining() > 0 || inFrame) {
                result = decoder.decode(buffers);
                if (buffers.produced() > 0) {
                    // An error after good bytes is told by the next read.
                    inFrame = result != 0;
                    return (int) buffers.produced();
                }
                if (result < 0) {
                    throw new IOException("damaged zstd data: " + Zstd.errorName(result));
                }
                inFrame = result != 0;
            }
            if (buffers.remaining() == 0 && !fill()) {
                if (inFrame) {
                    throw new EOFException("the zstd data ends early");
                }
                return -1;
            }
        }
    }

    private boolean fill() throws IOException {
        int read = inputEnded ? -1 : below.read(input, 0, (int) input.byteSize());
        if (read < 0) {
            inputEnded = true;
            return false;
        }
        buffers.input(input.asSlice(0, read));
        return true;
    }

    @Override
    public void interrupt() {
        below.interrupt();
    }

    @Override
    public void close() {
        below.close();
    }
}
