package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * The files that a writer fills one after the other. A single file has the name that was given; of
 * a series, {@code name.pcap} makes {@code name-00000.pcap}, {@code name-00001.pcap} and so on.
 * Files have their final names from the beginning.
 */
final class FileSeries {
    private final Path given;
    private final boolean numbered;
    private final int keep;
    private final Deque<Path> kept = new ArrayDeque<>();
    private int next;
    private @Nullable Path current;

    /**
     * A series.
     *
     * @param keep how many files are kept; 0 for all
     */
    FileSeries(Path given, boolean numbered, int keep) {
        this.given = given;
        this.numbered = numbered;
        this.keep = keep;
    }

    /** Opens the next file, over an old one of that name. */
    FileChannel open() throws IOException {
        Path file = numbered ? numbered(next++) : given;
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
        current = file;
        if (keep > 0) {
            kept.add(file);
            while (kept.size() > keep) {
                Files.deleteIfExists(kept.removeFirst());
            }
        }
        return channel;
    }

    private Path numbered(int number) {
        Path fileName = given.getFileName();
        String name = fileName == null ? "" : fileName.toString();
        int dot = name.indexOf('.');
        String stem = dot <= 0 ? name : name.substring(0, dot);
        String rest = dot <= 0 ? "" : name.substring(dot);
        return given.resolveSibling(String.format(Locale.ROOT, "%s-%05d%s", stem, number, rest));
    }

    /** Why a file could not be opened, in words. */
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no such folder";
            case AccessDeniedException denied -> "permission denied";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    /** The file opened last, for messages. */
    Path current() {
        return current == null ? given : current;
    }

    /** How many were opened. */
    int opened() {
        return numbered ? next : current == null ? 0 : 1;
    }
}
