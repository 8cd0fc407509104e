package io.flowscope.tracker.stream;

/** What happens when all streams together reach {@link StreamOptions#memoryCapBytes()}. */
public enum MemoryCapPolicy {
    /** Bytes that would have to be kept are dropped and counted. */
    IGNORE_NEW,
    /** The side that holds most memory ends, until there is room. */
    DROP_LARGEST,
    /** The side that asks for memory ends. */
    STOP
}
