package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a test needs beyond Java: skipped with the reason where it is missing, failed in CI. */
public final class Needs {
    private Needs() {}

    /** The full path of a tool. */
    public static String tool(String name) {
        for (String folder :
                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path path = Path.of(folder, name);
            if (Files.isExecutable(path)) {
                return path.toString();
            }
        }
        missing("needs " + name + " on the PATH");
        throw new AssertionError();
    }

    private static void missing(String reason) {
        if ("true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        abort(reason);
    }
}
