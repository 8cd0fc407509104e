package io.flowscope.cli;

import org.jspecify.annotations.Nullable;

/** The command cannot go on; the message is the sentence the user sees. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailure(String sentence) {
        super(sentence);
    }

    CommandFailure(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
