package io.flowscope.capture;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Where a capture's bytes go to: a channel, or a compressor over one. One thread writes. */
interface ByteSink {
    /** Takes all of the first bytes of a segment. */
    void write(MemorySegment memory, int length) throws IOException;

    /** Makes everything so far readable to others. */
    void flush() throws IOException;

    /** Ends the data properly and closes what is below. */
    void end() throws IOException;

    /** Closes what is below as it is, and frees memory; after {@link #end} it does nothing. */
    void abandon();
}
