package io.flowscope.tracker;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** What a test needs beyond the sources: skipped with the reason where it is absent, not in CI. */
public final class Needs {
    private Needs() {}

    /** The folder of captures with independent expectations. */
    public static Path captures() {
        Path folder = Path.of(System.getProperty("flowscope.captures", "../../shared/captures"));
        need(Files.isDirectory(folder), "no captures at " + folder);
        return folder;
    }

    private static void need(boolean present, String reason) {
        if (!present && "true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        assumeTrue(present, reason);
    }
}
