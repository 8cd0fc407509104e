package io.flowscope.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What the system says about a file, in a sentence. */
final class FileProblem {
    private FileProblem() {}

    /** Such as "cannot write a/b: no such file or folder". */
    static String sentence(String verb, String file, IOException e) {
        return "cannot " + verb + " " + file + ": " + reason(e);
    }

    /**
     * The file of that name.
     *
     * @throws CommandFailure if no file can have it, such as a name that the locale cannot express
     */
    static Path path(String verb, String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            String why =
                    e.getReason().startsWith("Malformed")
                            ? "the locale has no such characters; try LC_ALL=C.UTF-8"
                            : "no file can have this name";
            throw new CommandFailure("cannot " + verb + " " + name + ": " + why, e);
        }
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
