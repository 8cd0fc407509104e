package io.flowscope.capture;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The part of a capture that is in memory: whole records from {@code position} on, a piece of the
 * next one before {@code end}. Filled by large reads into one reused buffer, the rest of the last
 * read moved to its front; or, for a mapped file, all of it at once.
 *
 * <p>What was described stays where it is until the next {@link #fill}.
 */
final class Window {
    private static final int PAGE_BYTES = 4_096;
    private static final int TOUCH_AHEAD_BYTES = 128 << 10;

    private final Arena arena;
    private final ByteFeed feed;
    private final boolean mapped;
    private final int readBytes;
    private final int mostBytes;

    private MemorySegment memory;
    private long position;
    private long end;

    /** Where in the capture the window's memory begins, for messages. */
    private long base;

    private long toSkip;
    private long touched;
    private boolean cut;

    private Window(
            Arena arena,
            ByteFeed feed,
            MemorySegment memory,
            boolean mapped,
            int readBytes,
            int mostBytes) {
        this.arena = arena;
        this.feed = feed;
        this.memory = memory;
        this.mapped = mapped;
        this.readBytes = readBytes;
        this.mostBytes = mostBytes;
        if (mapped) {
            end = memory.byteSize();
        }
    }

    /**
     * Over a feed, by reads of {@code readBytes}.
     *
     * @param mostBytes how far the buffer may grow for a record that does not fit
     */
    static Window reading(Arena arena, ByteFeed feed, int readBytes, int mostBytes) {
        // A quarter more, so that a piece of a record can be kept before a whole read.
        MemorySegment memory = arena.allocate(readBytes + (readBytes >> 2), PAGE_BYTES);
        return new Window(arena, feed, memory, false, readBytes, Math.max(mostBytes, readBytes));
    }

    /** The same buffer over another feed, empty. */
    Window over(ByteFeed other) {
        return new Window(arena, other, memory, false, readBytes, mostBytes);
    }

    /** All of a mapped file; the feed is closed with the file. */
    static Window mapped(Arena arena, ByteFeed feed, MemorySegment file) {
        return new Window(arena, feed, file, true, 0, 0);
    }

    ByteFeed feed() {
        return feed;
    }

    MemorySegment memory() {
        return memory;
    }

    long position() {
        return position;
    }

    long end() {
        return end;
    }

    /** Where in the (decompressed) capture a place in the memory is. */
    long offsetOf(long at) {
        return base + at;
    }

    boolean isMapped() {
        return mapped;
    }

    /** Whether the feed said that its data ends before its own format allows. */
    boolean isCut() {
        return cut;
    }

    /** Whether there is nothing after the position, and nothing was promised to be skipped. */
    boolean isAtEnd() {
        return position == end && toSkip == 0;
    }

    /** Mapped: the file became shorter. */
    void endAt(long size) {
        end = Math.max(position, Math.min(end, size));
    }

    /** Bytes after the position. */
    long leftOver() {
        return end - position;
    }

    /** Goes on to a position not after the end. */
    void moveTo(long next) {
        position = next;
    }

    /** Goes on by any number of bytes, also past the end: those are dropped as they come. */
    void skip(long bytes) {
        long here = Math.min(bytes, end - position);
        position += here;
        toSkip += bytes - here;
    }

    /**
     * Makes at least {@code needed} bytes available from the position on.
     *
     * @return false if the capture ends before
     */
    boolean fill(int needed) throws IOException {
        if (mapped) {
            return end - position >= needed && toSkip == 0;
        }
        while (toSkip > 0 || end - position < needed) {
            if (!readMore(needed)) {
                return false;
            }
            long here = Math.min(toSkip, end - position);
            position += here;
            toSkip -= here;
        }
        return true;
    }

    private boolean readMore(int needed) throws IOException {
        long kept = end - position;
        if (position > 0) {
            MemorySegment.copy(memory, position, memory, 0, kept);
        } else if (kept == memory.byteSize()) {
            grow(needed);
        }
        base += position;
        position = 0;
        end = kept;
        int room = (int) Math.min(memory.byteSize() - kept, readBytes);
        try {
            int read = feed.read(memory, kept, room);
            end += Math.max(read, 0);
            return read > 0;
        } catch (EOFException e) {
            cut = true;
            return false;
        }
    }

    /**
     * A larger buffer, because the one there is full of one record: a length that only claims to be
     * large costs nothing. The old one stays until the file is closed; each is twice as large as
     * the one before, so together they are less than the last.
     */
    private void grow(int needed) {
        long bytes = Math.min(2 * memory.byteSize(), mostBytes);
        if (needed > mostBytes || bytes <= memory.byteSize()) {
            throw new AssertionError("a record of " + needed + " bytes was let through");
        }
        MemorySegment larger = arena.allocate(bytes, PAGE_BYTES);
        MemorySegment.copy(memory, 0, larger, 0, end);
        memory = larger;
    }

    /** Mapped: touches the pages that come next, so that they are read in while others are used. */
    int touchAhead() {
        int sum = 0;
        long until = Math.min(position + TOUCH_AHEAD_BYTES, end);
        for (touched = Math.max(touched, position); touched < until; touched += PAGE_BYTES) {
            sum += memory.get(ValueLayout.JAVA_BYTE, touched);
        }
        return sum;
    }
}
