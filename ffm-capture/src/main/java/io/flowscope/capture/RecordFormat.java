package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/** Finds packets in a window: one implementation per file format. */
sealed interface RecordFormat permits PcapRecords, PcapngBlocks {
    /**
     * Describes the packets of whole records, from the window's position on, which moves past them.
     *
     * <p>What stands between packets is taken in as well, also with {@code most} 0.
     *
     * @return how many, at most {@code most}; fewer if a record is not whole ({@link #needed}) or
     *     wrong ({@link #fault})
     */
    int describe(Window window, MemorySegment descriptors, int most);

    /**
     * Bytes from the window's position on without which nothing more can be described; 0 if a
     * packet is there.
     */
    int needed();

    /** What is wrong at the window's position; null if nothing. */
    @Nullable String fault();

    /** The link type of the first interface, -1 as long as there is none. */
    int linkType();

    /** Packets that the file says were lost between those that it has. */
    long drops();

    /** Which format this is. */
    CaptureFormat format();
}
