package io.flowscope.cli;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A checkout of nothing for the launcher, with a Maven that only notes that it was called, and JDKs
 * that only print how they were started.
 */
abstract class LauncherCheckout {
    private static final String MAVEN =
            """
            #!/bin/sh
            echo "$$ called with $JAVA_HOME: $*" >>"$FAKES/maven-calls"
            tries=0
            while [ $tries -lt 200 ] && [ ! -e "$FAKES/${MAVEN_WAITS_FOR:-mvn}" ]; do
                sleep 0.05
                tries=$((tries + 1))
            done
            [ -z "${MAVEN_SLEEPS:-}" ] || sleep "$MAVEN_SLEEPS"
            if [ -n "${MAVEN_FAILS:-}" ]; then
                echo "[INFO] some progress"
                for i in 1 2 3; do echo "$MAVEN_FAILS"; done
                exit 1
            fi
            mkdir -p cli/target bindings/target/classes
            echo x >"cli/target/flowscope-cli-${MAVEN_VERSION:-1}.jar"
            echo x >"$FAKES/other library.jar"
            printf '%s' "$FAKES/other library.jar" >cli/target/classpath
            """;
    private static final String JAVA =
            """
            #!/bin/sh
            case $1 in
            -version) echo 'openjdk version "VERSION" 2024-01-01' >&2; exit ;;
            -XX:ArchiveClassesAtExit=*|-XX:AOTCacheOutput=*)
                echo "$* ${JAVA_TOOL_OPTIONS:-}" >>"$FAKES/trainings"
                cat
                echo archive >"${1#*=}"
                exit "${TRAINING_ENDS_WITH:-0}" ;;
            esac
            echo "VERSION"
            echo "locale ${LC_ALL:-} ${LC_CTYPE:-} ${LANG:-}"
            echo "umask $(umask)"
            for word in "$@"; do echo "<$word>"; done
            """;
    private static final String LOCALE = "#!/bin/sh\necho \"${CHARMAP:-UTF-8}\"\n";

    @TempDir Path folder;
    Path root;
    Path fakes;
    Path home;

    /** All of the system's tools but those that the launcher is to find among the fakes. */
    @TempDir static Path systemTools;

    @BeforeAll
    static void linkTools() throws IOException {
        Files.setPosixFilePermissions(systemTools, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String folder : List.of("/usr/bin", "/bin")) {
            try (Stream<Path> all = Files.list(Path.of(folder))) {
                for (Path tool : all.toList()) {
                    Path link = systemTools.resolve(tool.getFileName());
                    if (!Set.of("java", "javac", "mvn").contains(link.getFileName().toString())
                            && !Files.exists(link, NOFOLLOW_LINKS)) {
                        Files.createSymbolicLink(link, tool);
                    }
                }
            }
        }
    }

    @AfterAll
    static void unlinkTools() throws IOException {
        remove(systemTools);
    }

    /** Links that lead out of the test's folder are not left to others to delete. */
    static void remove(Path tools) throws IOException {
        try (var links = Files.list(tools)) {
            for (Path link : links.toList()) {
                Files.delete(link);
            }
        }
    }

    @BeforeEach
    void makeCheckout() throws IOException {
        Needs.file("/bin/sh");
        root = Files.createDirectories(folder.resolve("a checkout"));
        fakes = Files.createDirectories(folder.resolve("the fakes"));
        home = Files.createDirectories(folder.resolve("home"));
        String script = Files.readString(Needs.project().resolve("flowscope"));
        // Only the home folder's JDKs are there, whatever this machine has.
        String lonely = script.replaceAll(" (/usr|/opt|/Library)/[a-zA-Z]", " /nowhere$1/x");
        script(root.resolve("flowscope"), lonely);
        Files.writeString(root.resolve("pom.xml"), "");
        for (String module : List.of("bindings", "ffm-capture", "tracker", "obs", "cli")) {
            Path sources = root.resolve(module).resolve("src/main/java");
            Files.createDirectories(sources);
            Files.writeString(root.resolve(module).resolve("pom.xml"), "");
            Files.writeString(sources.resolve("A.java"), "");
        }
        age(root);
        script(fakes.resolve("mvn"), MAVEN);
        script(fakes.resolve("locale"), LOCALE);
        jdk("25.0.1", true);
    }

    Path jdk(String version, boolean release) throws IOException {
        Path jdk = home.resolve(".jdks").resolve("jdk-" + version);
        Files.createDirectories(jdk.resolve("bin"));
        script(jdk.resolve("bin/java"), JAVA.replace("VERSION", version));
        script(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        if (release) {
            Files.writeString(
                    jdk.resolve("release"),
                    "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        }
        return jdk;
    }

    static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    static void age(Path tree) throws IOException {
        FileTime longAgo = FileTime.from(Instant.now().minusSeconds(3_600));
        try (var files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, longAgo);
            }
        }
    }

    ProcessBuilder builder(Map<String, String> environment, Object... command) {
        List<String> words = new ArrayList<>();
        for (Object word : command) {
            words.add(word.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(
                        Map.of(
                                "PATH", fakes + ":" + systemTools,
                                "HOME", home.toString(),
                                "FAKES", fakes.toString()));
        builder.environment().putAll(environment);
        return builder;
    }

    Run launch(Map<String, String> environment, Object... args) throws Exception {
        List<Object> line = new ArrayList<>(List.of(root.resolve("flowscope")));
        line.addAll(List.of(args));
        return Run.process(builder(environment, line.toArray()));
    }

    List<String> calls() throws IOException {
        return lines("maven-calls");
    }

    List<String> lines(String note) throws IOException {
        Path notes = fakes.resolve(note);
        return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
    }

    void change() throws IOException {
        Path source = root.resolve("cli/src/main/java/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    }

    int builds() throws IOException {
        return calls().size();
    }
}
