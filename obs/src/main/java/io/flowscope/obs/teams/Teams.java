package io.flowscope.obs.teams;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

/**
 * The team table in force. {@link #reload} looks at the file and takes it if it has changed; a file
 * that cannot be read or has mistakes leaves the table as it was, and {@link #problem} says why.
 * One thread reloads; any thread reads the table.
 */
public final class Teams {
    /** The largest file that is read. */
    private static final long MOST_BYTES = 16 << 20;

    private final @Nullable Path file;
    private volatile TeamTable table;
    private volatile @Nullable String problem;
    private @Nullable FileTime modified;
    private long length = -1;

    private Teams(@Nullable Path file, TeamTable table) {
        this.file = file;
        this.table = table;
    }

    /** A table that stays as it is. */
    public static Teams of(TeamTable table) {
        return new Teams(null, table);
    }

    /**
     * A table from a file, see {@link TeamTable#parse}.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it has mistakes
     */
    public static Teams read(Path file) throws IOException {
        Teams teams = new Teams(file, TeamTable.EMPTY);
        teams.take(file);
        return teams;
    }

    /** The table as it is now. */
    public TeamTable table() {
        return table;
    }

    /** Why the file's present contents are not in force, null if they are. */
    public @Nullable String problem() {
        return problem;
    }

    /** Takes the file anew if it has changed; true if the table is another one now. */
    public synchronized boolean reload() {
        if (file == null) {
            return false;
        }
        try {
            if (Files.getLastModifiedTime(file).equals(modified) && Files.size(file) == length) {
                return false;
            }
            take(file);
            problem = null;
            return true;
        } catch (IOException | IllegalArgumentException e) {
            problem = file.getFileName() + ": " + e.getMessage();
            return false;
        }
    }

    private void take(Path from) throws IOException {
        FileTime time = Files.getLastModifiedTime(from);
        long bytes = Files.size(from);
        if (bytes > MOST_BYTES) {
            throw new IOException("larger than " + MOST_BYTES + " bytes");
        }
        List<String> lines = Files.readAllLines(from);
        // Remembered before it is judged: a bad file is complained about once, not every time.
        modified = time;
        length = bytes;
        table = TeamTable.parse(lines);
    }
}
