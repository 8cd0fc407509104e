package io.flowscope.cli.flows;

/** Takes rows in the order in which they are to appear. */
public interface FlowOutput {
    /** Writes what comes before the first row. */
    default void begin() {}

    /** Writes a row; the caller uses the object again. */
    void write(FlowRow row);

    /** What was written so far is to reach who reads it; nothing may come for long. */
    default void settle() {}

    /** Writes what comes after the last row. */
    default void end() {}
}
