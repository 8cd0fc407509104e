package io.flowscope.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What the system says about a file, in a sentence. */
final class FileProblem {
    private FileProblem() {}

    /** Such as "cannot write a/b: no such file or folder". */
    static String sentence(String verb, String file, IOException e) {
        return "cannot " + verb + " " + file + ": " + reason(e);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file or folder";
            case AccessDeniedException denied -> "permission denied";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
