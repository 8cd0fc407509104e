package io.flowscope.capture;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Where a capture's bytes come from: a channel, a stream, or a decompressor over one of these. One
 * thread reads; {@link #interrupt} may be called from any.
 */
interface ByteFeed {
    /**
     * Waits for bytes and reads some, at most {@code room}.
     *
     * @return how many, at least 1, or -1 at the end
     * @throws java.io.EOFException if the end came too early, as far as this feed can tell
     * @throws IOException if they cannot be read or decompressed
     */
    int read(MemorySegment memory, long offset, int room) throws IOException;

    /** Makes a read that waits end soon, and every later one at once. */
    void interrupt();

    /** Closes what is below. Not while a read is under way. */
    void close();
}
