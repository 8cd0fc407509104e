package io.flowscope.cli.output;

import java.io.IOException;

/** Output could not be written: a full disk, or a reader that went away. */
public final class OutputFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With what the system said. */
    public OutputFailure(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
