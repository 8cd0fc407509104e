package io.flowscope.cli.doctor;

import org.jspecify.annotations.Nullable;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small files in which Linux tells about itself, below a root that tests choose. */
public final class SystemFiles {
    private static final int MOST_BYTES = 1 << 16;

    private final Path root;

    /** Reads below the root, {@code /} for the system itself. */
    public SystemFiles(Path root) {
        this.root = root;
    }

    /** The file's text without the blanks around it, or null if it cannot be read. */
    public @Nullable String read(String file) {
        // Not with Files: it takes such a file for an empty one and asks for one byte first, which
        // is
        // all that files below /proc/sys give.
        try (InputStream in = new FileInputStream(root.resolve(file).toFile())) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return null;
        }
    }

    /** The rest of the file's line that begins with the label, or null. */
    @Nullable String line(String file, String label) {
        String text = read(file);
        if (text == null) {
            return null;
        }
        return text.lines()
                .filter(line -> line.startsWith(label))
                .map(line -> line.substring(label.length()).strip())
                .findFirst()
                .orElse(null);
    }

    /** Whether there is such a file. */
    boolean has(String file) {
        return Files.exists(root.resolve(file));
    }

    /** The root joined with a relative path. */
    Path path(String file) {
        return root.resolve(file);
    }
}
