package io.flowscope.cli;

/** What the command tells the shell. An interrupted command ends with 128 + signal: the JVM's. */
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    private ExitCode() {}
}
