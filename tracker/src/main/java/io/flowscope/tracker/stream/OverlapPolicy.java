package io.flowscope.tracker.stream;

/**
 * Which copy of a byte counts when segments overlap with different contents.
 *
 * <p>The choice is among copies that wait behind a hole. What was handed to the consumer stays
 * handed over: a receiver that has taken bytes in order ignores later copies as well, whatever its
 * system. {@link #LAST} is the exception, because no system behaves so and its purpose is to see
 * what an attacker sent last: under it every byte waits until the other end acknowledges it.
 *
 * <p>Waiting bytes form pieces: a piece is what one segment holds without interruption, and what
 * another segment took the beginning of begins where that ends. A new segment is compared with each
 * piece that it overlaps.
 */
public enum OverlapPolicy {
    /** The copy that arrived first; what Zeek does, and Suricata for vista and first. */
    FIRST,
    /** The copy that arrived last before the bytes were acknowledged; Suricata's last. */
    LAST,
    /**
     * The new segment, if it begins before the piece, or begins with it and is longer; Suricata's
     * and Snort's linux.
     */
    LINUX,
    /** The new segment, if it begins before the piece; Suricata's and Snort's windows and bsd. */
    WINDOWS
}
