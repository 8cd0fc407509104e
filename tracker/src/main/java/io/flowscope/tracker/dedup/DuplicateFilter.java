package io.flowscope.tracker.dedup;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Tells the second copy of a frame. Frames are the same if their lengths and a hash of all their
 * captured bytes are; the hash has a secret seed of 128 bits. The last frames are kept in a ring
 * and found through chains in a table twice its size, so a frame costs its bytes and a constant.
 * Nothing is allocated per frame. Used by one thread.
 *
 * <p>A frame that went out and came in again has had its two copies: a third one is taken for a new
 * frame. Where directions do not matter, all copies within the window are repetitions of the first.
 */
public final class DuplicateFilter {
    private static final int NONE = -1;
    private static final int DIRECTION_UNKNOWN = 0;

    private final long windowNanos;
    private final boolean sameDirection;
    private final FrameHash hash;
    private final long[] hashes;
    private final long[] times;
    private final int[] lengths;
    private final byte[] directions;
    private final int[] later;
    private final int[] earlier;
    private final int[] chains;
    private int place;
    private long seen;
    private long dropped;

    /** A filter with a secret seed. */
    public DuplicateFilter(DuplicateOptions options) {
        SplittableRandom random = new SplittableRandom();
        int frames = options.frames();
        windowNanos = options.windowNanos();
        sameDirection = options.sameDirection();
        hash = new FrameHash(random.nextLong(), random.nextLong());
        hashes = new long[frames];
        times = new long[frames];
        lengths = new int[frames];
        directions = new byte[frames];
        later = new int[frames];
        earlier = new int[frames];
        chains = new int[Integer.highestOneBit(Math.max(frames, 2) - 1) * 4];
        Arrays.fill(lengths, NONE);
        Arrays.fill(chains, NONE);
    }

    /**
     * Whether a frame repeats one of the last; if not, it is remembered.
     *
     * @param memory holds the frame
     * @param offset where it begins
     * @param captured bytes present
     * @param length bytes on the wire
     * @param timestampNanos when it was captured
     * @param direction which way it went, by the source's numbers; 0 if unknown
     */
    public boolean isDuplicate(
            MemorySegment memory,
            long offset,
            int captured,
            int length,
            long timestampNanos,
            int direction) {
        seen++;
        long content = hash.of(memory, offset, captured);
        int chain = (int) (content >>> 40) & chains.length - 1;
        for (int at = chains[chain]; at != NONE; at = earlier[at]) {
            if (hashes[at] == content
                    && lengths[at] == length
                    && isNear(timestampNanos, times[at])
                    && matches(direction, directions[at])) {
                if (!sameDirection && direction != DIRECTION_UNKNOWN) {
                    forget(at);
                }
                dropped++;
                return true;
            }
        }
        remember(chain, content, length, timestampNanos, direction);
        return false;
    }

    private boolean isNear(long time, long before) {
        return Math.abs(time - before) <= windowNanos;
    }

    private boolean matches(int direction, int before) {
        return sameDirection || direction != before || direction == DIRECTION_UNKNOWN;
    }

    private void remember(int chain, long content, int length, long time, int direction) {
        int at = place;
        place = at + 1 == hashes.length ? 0 : at + 1;
        forget(at);
        hashes[at] = content;
        lengths[at] = length;
        times[at] = time;
        directions[at] = (byte) direction;
        int head = chains[chain];
        earlier[at] = head;
        later[at] = NONE;
        if (head != NONE) {
            later[head] = at;
        }
        chains[chain] = at;
    }

    private void forget(int at) {
        if (lengths[at] == NONE) {
            return;
        }
        lengths[at] = NONE;
        int after = later[at];
        int before = earlier[at];
        if (after == NONE) {
            chains[(int) (hashes[at] >>> 40) & chains.length - 1] = before;
        } else {
            earlier[after] = before;
        }
        if (before != NONE) {
            later[before] = after;
        }
    }

    /** Frames looked at. */
    public long seen() {
        return seen;
    }

    /** Frames that were repetitions. */
    public long dropped() {
        return dropped;
    }
}
