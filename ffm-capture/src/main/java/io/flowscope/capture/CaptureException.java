package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

/** A capture operation failed: what was tried, what the system said, and what to do about it. */
public class CaptureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message that says what failed and what to do. */
    public CaptureException(String message) {
        super(message);
    }

    /** With a message that says what failed and what to do, and its cause. */
    public CaptureException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
