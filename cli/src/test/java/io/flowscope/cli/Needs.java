package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a test cannot do without: elsewhere it is skipped with the reason, in CI it fails. */
public final class Needs {
    private Needs() {}

    /** The folder of captures with independent expectations. */
    static Path captures() {
        String configured = System.getProperty("flowscope.captures");
        Path folder =
                configured != null ? Path.of(configured) : project().resolve("../shared/captures");
        require(Files.isDirectory(folder), "no captures at " + folder);
        return folder;
    }

    /** A program on the path. */
    static void tool(String name) {
        boolean found = false;
        for (String folder :
                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            found |= Files.isExecutable(Path.of(folder, name));
        }
        require(found, name + " is not installed");
    }

    /** A file that the system must have. */
    public static void file(String path) {
        require(Files.exists(Path.of(path)), "there is no " + path);
    }

    /** The power to open packet sockets and to change users. */
    static void root() {
        require("root".equals(System.getProperty("user.name")), "must be run as root");
    }

    /** Anything else. */
    static void that(boolean present, String otherwise) {
        require(present, otherwise);
    }

    /** The project's root folder. */
    static Path project() {
        return Path.of(System.getProperty("flowscope.root", ".."));
    }

    private static void require(boolean present, String otherwise) {
        if (!present && "true".equals(System.getenv("CI"))) {
            fail(otherwise);
        }
        assumeTrue(present, otherwise);
    }
}
