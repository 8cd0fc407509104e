package io.flowscope.capture;

import io.flowscope.bindings.zstd.Zstd;
import io.flowscope.bindings.zstd.ZstdBuffers;
import io.flowscope.bindings.zstd.ZstdDecoder;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Decompresses zstd frames, one after the other, with libzstd.
 *
 * <p>Where libzstd meets damage, it does not tell how much that call has written before. So it gets
 * one block at a time, and the header of the next block, which it asks for along with it, later:
 * what is lost is the damaged block.
 */
final class ZstdFeed implements ByteFeed {
    /** As much of a frame's beginning as tells how long its header is. */
    private static final int FRAME_START_BYTES = 5;

    private static final int BLOCK_HEADER_BYTES = 3;

    private final ByteFeed below;
    private final MemorySegment input;
    private final ZstdDecoder decoder;
    private final ZstdBuffers buffers;

    /** The input that is not yet in the buffers. */
    private int at;

    private int end;

    /**
     * What libzstd answered last: how much input it wants next, 0 after a frame's end, negative
     * once decompression failed.
     */
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
        end = length;
    }

    @Override
    public int read(MemorySegment memory, long offset, int room) throws IOException {
        buffers.output(memory.asSlice(offset, room));
        if (result > 0) {
            decode(); // what the last read had no room for
        }
        while (result >= 0
                && buffers.produced() < room
                && (buffers.remaining() > 0 || nextPiece())) {
            decode();
        }
        if (buffers.produced() > 0) {
            // What is wrong after good bytes is told by the next read.
            return (int) buffers.produced();
        }
        if (result < 0) {
            throw new IOException("damaged zstd data: " + Zstd.errorName(result));
        }
        if (inFrame) {
            throw new EOFException("the zstd data ends early");
        }
        return -1;
    }

    private void decode() {
        result = decoder.decode(buffers);
        inFrame = result != 0;
    }

    /** Gives libzstd the input that it wants next; waits for it only with nothing to hand out. */
    private boolean nextPiece() throws IOException {
        if (at == end && (buffers.produced() > 0 || !fill())) {
            return false;
        }
        long wanted = result == 0 ? FRAME_START_BYTES : result;
        long block = wanted > BLOCK_HEADER_BYTES ? wanted - BLOCK_HEADER_BYTES : wanted;
        int piece = (int) Math.min(end - at, block);
        buffers.input(input.asSlice(at, piece));
        at += piece;
        return true;
    }

    private boolean fill() throws IOException {
        int read = inputEnded ? -1 : below.read(input, 0, (int) input.byteSize());
        at = 0;
        end = Math.max(read, 0);
        inputEnded = read < 0;
        return !inputEnded;
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
