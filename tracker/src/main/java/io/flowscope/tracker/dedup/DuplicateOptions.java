package io.flowscope.tracker.dedup;

import java.util.ArrayList;
import java.util.List;

/**
 * Which frames count as repetitions.
 *
 * @param windowNanos how much later than the first a repetition may be
 * @param frames among how many preceding frames the first is looked for, at most 65 536
 * @param sameDirection whether a frame seen twice in one direction, where the source tells
 *     directions, is a repetition too; if not, only what went out and came in again is, and a
 *     sender's real repetition is kept
 */
public record DuplicateOptions(long windowNanos, int frames, boolean sameDirection) {
    /** Checks everything; every mistake is named in one message. */
    public DuplicateOptions {
        List<String> mistakes = new ArrayList<>();
        if (windowNanos < 0) {
            mistakes.add("windowNanos: 0 or more, was " + windowNanos);
        }
        if (frames < 1 || frames > 1 << 16) {
            mistakes.add("frames: 1 to 65536, was " + frames);
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
    }

    /** For the loopback interface: 1 ms, 256 frames, opposite or unknown directions. */
    public static DuplicateOptions loopback() {
        return new DuplicateOptions(1_000_000, 256, false);
    }

    /** For a mirror port: 1 ms, 256 frames, any direction. */
    public static DuplicateOptions mirror() {
        return new DuplicateOptions(1_000_000, 256, true);
    }
}
