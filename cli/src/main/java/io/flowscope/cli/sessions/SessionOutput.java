package io.flowscope.cli.sessions;

/** Takes messages in the order in which they were complete. */
public interface SessionOutput {
    /** Writes one. */
    void write(SessionRow row);

    /** Writes what comes after the last one. */
    default void end() {}
}
