package io.flowscope.cli.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The checkout that these tests look at, from outside. */
final class Checkout {
    static final List<String> MODULES =
            List.of("bindings", "ffm-capture", "tracker", "obs", "cli", "bench");

    private Checkout() {}

    static Path root() {
        return Path.of(System.getProperty("flowscope.root", "..")).toAbsolutePath().normalize();
    }

    static Path classes(String module) {
        return root().resolve(module).resolve("target/classes");
    }

    /** Source files that people write: not what tools generate. */
    static List<Path> handWrittenSources() {
        return MODULES.stream()
                .flatMap(
                        m ->
                                Stream.of(
                                                "src/main/java",
                                                "src/test/java",
                                                "src/test/consumers",
                                                "src/pcap4j/java")
                                        .map(root().resolve(m)::resolve))
                .filter(Files::isDirectory)
                .flatMap(Checkout::filesBelow)
                .filter(f -> f.toString().endsWith(".java"))
                .sorted()
                .toList();
    }

    static Stream<Path> filesBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
