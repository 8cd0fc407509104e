package io.flowscope.tracker.session;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a test needs of its machine; without it the test is skipped, but fails where CI is set. */
public final class Needs {
    private Needs() {}

    private static void missing(String what) {
        if ("true".equals(System.getenv("CI"))) {
            fail(what + ", which must not happen where CI=true");
        }
        abort(what);
    }

    /** A program on the path. */
    public static void tool(String name) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, name))) {
                return;
            }
        }
        missing(name + " is not installed");
    }

    /** The folder of captures with independent expectations. */
    public static Path captures() {
        String property = System.getProperty("flowscope.captures", "../shared/captures");
        Path folder = Path.of(property);
        if (!Files.isDirectory(folder.resolve("real"))) {
            missing("no captures in " + property);
        }
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
