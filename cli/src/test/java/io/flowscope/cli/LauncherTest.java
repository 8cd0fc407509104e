package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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

/**
 * The launcher in a checkout of nothing, with a Maven that only notes that it was called, and JDKs
 * that only print how they were started.
 */
class LauncherTest {
    private static final String MAVEN =
            """
            #!/bin/sh
            echo "called with $JAVA_HOME: $*" >>"$FAKES/maven-calls"
            [ -z "${MAVEN_SLEEPS:-}" ] || sleep "$MAVEN_SLEEPS"
            if [ -n "${MAVEN_FAILS:-}" ]; then
                echo "[INFO] some progress"
                echo "[ERROR] Broken.java:[1,1] not a statement"
                exit 1
            fi
            mkdir -p cli/target && echo x >cli/target/flowscope-cli-1.jar
            echo x >"$FAKES/other library.jar"
            printf '%s' "$FAKES/other library.jar" >cli/target/classpath
            """;
    private static final String JAVA =
            """
            #!/bin/sh
            case $1 in
            -version) echo 'openjdk version "VERSION" 2024-01-01' >&2; exit ;;
            -XX:ArchiveClassesAtExit=*|-XX:AOTCacheOutput=*) cat; echo archive >"${1#*=}"; exit ;;
            esac
            echo "VERSION"
            echo "locale ${LC_ALL:-} ${LC_CTYPE:-} ${LANG:-}"
            for word in "$@"; do echo "<$word>"; done
            """;

    @TempDir Path folder;
    private Path root;
    private Path fakes;
    private Path home;

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
        jdk("25.0.1", true);
    }

    private Path jdk(String version, boolean release) throws IOException {
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

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void age(Path tree) throws IOException {
        FileTime longAgo = FileTime.from(Instant.now().minusSeconds(3_600));
        try (var files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, longAgo);
            }
        }
    }

    private ProcessBuilder builder(Map<String, String> environment, Object... command) {
        List<String> words = new ArrayList<>();
        for (Object word : command) {
            words.add(word.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(
                        Map.of(
                                "PATH", fakes + ":/usr/bin:/bin",
                                "HOME", home.toString(),
                                "FAKES", fakes.toString()));
        builder.environment().putAll(environment);
        return builder;
    }

    private Run launch(Map<String, String> environment, Object... args) throws Exception {
        List<Object> line = new ArrayList<>(List.of(root.resolve("flowscope")));
        line.addAll(List.of(args));
        return Run.process(builder(environment, line.toArray()));
    }

    private List<String> calls() throws IOException {
        Path calls = fakes.resolve("maven-calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private int builds() throws IOException {
        return calls().size();
    }

    @Test
    void measuringIsAProgramBesideTheCommandAndBuildsItself() throws Exception {
        Path bench = Files.createDirectories(root.resolve("bench"));
        for (String tool : List.of("run", "gate", "soak")) {
            script(bench.resolve(tool), "#!/bin/sh\necho " + tool + " \"$@\"\n");
        }
        assertEquals(
                "run quick --on 10k\n", launch(Map.of(), "bench", "quick", "--on", "10k").out());
        assertEquals("gate ../base\n", launch(Map.of(), "bench", "--gate", "../base").out());
        assertEquals("soak 10\n", launch(Map.of(), "bench", "--soak", "10").out());
        assertEquals(0, builds());
    }

    @Test
    void onlySourcesAsTheyWereClonedAreTrusted() throws Exception {
        launch(Map.of());
        assertTrue(calls().getFirst().contains("-Derror-prone.main="), calls().toString());
        Files.createDirectories(root.resolve("bindings/target/classes"));
        Path changed = root.resolve("cli/src/main/java/A.java");
        Files.setLastModifiedTime(changed, FileTime.from(Instant.now().plusSeconds(5)));
        launch(Map.of());
        assertEquals(2, builds());
        assertFalse(calls().getLast().contains("-Derror-prone"), calls().toString());
    }

    @Test
    void argumentsArriveAsTheyWereTyped() throws Exception {
        Run run = launch(Map.of(), "flows", "a file", "", "*", "-Xmx1g", "a\"b'c\\");
        assertEquals(0, run.code(), run.err());
        String end =
                """
                <io.flowscope.cli/io.flowscope.cli.Flowscope>
                <flows>
                <a file>
                <>
                <*>
                <-Xmx1g>
                <a"b'c\\>
                """;
        assertTrue(run.out().endsWith(end), run.out());
    }

    @Test
    void onlyTheBindingsMayCallNativeCodeAndJdk24DeniesItToOthers() throws Exception {
        Run newer = launch(Map.of());
        assertTrue(newer.out().contains("<--enable-native-access=io.flowscope.bindings>"));
        assertTrue(newer.out().contains("<--illegal-native-access=deny>"), newer.out());
        Path old = jdk("22.0.2", true);
        Run older = launch(Map.of("FLOWSCOPE_JAVA_HOME", old.toString()));
        assertTrue(older.out().startsWith("22.0.2\n"), older.out());
        assertTrue(older.out().contains("<--enable-native-access=io.flowscope.bindings>"));
        assertFalse(older.out().contains("illegal-native-access"), older.out());
        assertFalse(older.out().contains("aot"), "JDK 22 knows no log tag of that name");
    }

    @Test
    void aSecondRunBuildsNothing() throws Exception {
        assertTrue(launch(Map.of()).err().contains("building with"));
        Run second = launch(Map.of());
        assertEquals("", second.err());
        assertEquals(1, builds());
    }

    @Test
    void eachJdkHasAnArchiveOfItsOwn() throws Exception {
        Run first = launch(Map.of());
        Path other = jdk("23", true);
        Run second = launch(Map.of("JAVA_HOME", other.toString()));
        assertEquals(1, builds());
        assertTrue(first.out().contains("<-XX:AOTCache="), first.out());
        assertTrue(second.out().contains("<-XX:SharedArchiveFile="), second.out());
        assertFalse(second.out().contains("25.0.1"), second.out());
    }

    @Test
    void aChangedAddedOrDeletedSourceIsBuilt() throws Exception {
        launch(Map.of());
        Path source = root.resolve("tracker/src/main/java/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        launch(Map.of());
        assertEquals(2, builds(), "a source changed");
        age(root.resolve("tracker"));
        Path added = Files.writeString(root.resolve("obs/src/main/java/B.java"), "");
        Thread.sleep(20);
        launch(Map.of());
        assertEquals(3, builds(), "a source was added");
        Thread.sleep(20);
        Files.delete(added);
        launch(Map.of());
        assertEquals(4, builds(), "a source was deleted");
        launch(Map.of());
        assertEquals(4, builds(), "nothing changed");
    }

    @Test
    void aChangedTestIsNoReasonToBuild() throws Exception {
        launch(Map.of());
        Thread.sleep(20);
        Path tests = Files.createDirectories(root.resolve("cli/src/test/java"));
        age(root.resolve("cli/src"));
        Files.writeString(tests.resolve("ATest.java"), "");
        launch(Map.of());
        assertEquals(1, builds());
    }

    @Test
    void aFailedBuildShowsTheErrorsAndLeavesTheOldBuildAlone() throws Exception {
        launch(Map.of());
        Path source = root.resolve("cli/src/main/java/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        Run failed = launch(Map.of("MAVEN_FAILS", "yes"), "--help");
        assertEquals(1, failed.code());
        assertEquals("", failed.out());
        assertTrue(failed.err().contains("Broken.java:[1,1] not a statement"), failed.err());
        assertFalse(failed.err().contains("some progress"), failed.err());
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(3_600)));
        assertEquals(0, launch(Map.of()).code());
        assertEquals(2, builds());
    }

    @Test
    void launchersAtTheSameTimeBuildOnce() throws Exception {
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            running.add(
                    builder(Map.of("MAVEN_SLEEPS", "0.5"), root.resolve("flowscope"), "x").start());
        }
        for (Process process : running) {
            Run run = Run.end(process);
            assertEquals(0, run.code(), run.err());
            assertTrue(run.out().endsWith("<x>\n"), run.out());
        }
        assertEquals(1, builds());
    }

    @Test
    void aLauncherThatFindsTheLockWithoutFlockWaitsToo() throws Exception {
        Path without = tools();
        Files.createSymbolicLink(without.resolve("mvn"), fakes.resolve("mvn"));
        Map<String, String> environment = Map.of("PATH", without.toString(), "MAVEN_SLEEPS", "0.3");
        Process one = builder(environment, root.resolve("flowscope"), "x").start();
        Process two = builder(environment, root.resolve("flowscope"), "x").start();
        assertEquals(0, Run.end(one).code());
        assertEquals(0, Run.end(two).code());
        assertEquals(1, builds());
        assertFalse(Files.exists(root.resolve("cli/target/command/lock.d")));
        remove(without);
    }

    /** A folder of what the launcher cannot do without, and nothing else. */
    private Path tools() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        String[] names = {
            "sh", "mkdir", "rm", "cp", "mv", "find", "sed", "tr", "date", "sleep", "readlink", "cat"
        };
        for (String name : names) {
            Files.createSymbolicLink(tools.resolve(name), which(name));
        }
        return tools;
    }

    /** Links that lead out of the test's folder are not left to others to delete. */
    private static void remove(Path tools) throws IOException {
        try (var links = Files.list(tools)) {
            for (Path link : links.toList()) {
                Files.delete(link);
            }
        }
    }

    private static Path which(String tool) {
        Path usual = Path.of("/usr/bin", tool);
        return Files.exists(usual) ? usual : Path.of("/bin", tool);
    }

    @Test
    void aLinkFromElsewhereLeadsToTheCheckout() throws Exception {
        Path links = Files.createDirectories(folder.resolve("some links"));
        Files.createSymbolicLink(links.resolve("inner"), root.resolve("flowscope"));
        Files.createSymbolicLink(links.resolve("outer"), Path.of("inner"));
        Run run = Run.process(builder(Map.of(), links.resolve("outer"), "here"));
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().endsWith("<here>\n"), run.out());
        Run byName =
                Run.process(builder(Map.of(), "sh", "-c", "cd 'a checkout' && sh flowscope x"));
        assertTrue(byName.out().endsWith("<x>\n"), byName.err());
    }

    @Test
    void theUsersJdkComesFirstThenThePathThenTheNewest() throws Exception {
        jdk("26.0.1", true);
        jdk("26.0.10", true);
        jdk("9.0.4", true);
        assertTrue(launch(Map.of()).out().startsWith("26.0.10\n"));
        Path onPath = jdk("22", true);
        Map<String, String> path =
                Map.of("PATH", onPath.resolve("bin") + ":" + fakes + ":/usr/bin:/bin");
        assertTrue(launch(path).out().startsWith("22\n"));
        Path wished = jdk("24-ea", true);
        assertTrue(launch(Map.of("JAVA_HOME", wished.toString())).out().startsWith("24-ea\n"));
    }

    @Test
    void anOlderJavaInFrontOfThePathOrInJavaHomeIsPassedOver() throws Exception {
        Path old = jdk("17.0.15", true);
        Map<String, String> environment =
                Map.of(
                        "PATH",
                        old.resolve("bin") + ":" + fakes + ":/usr/bin:/bin",
                        "JAVA_HOME",
                        old.toString());
        assertTrue(launch(environment).out().startsWith("25.0.1\n"));
    }

    @Test
    void aJdkWithoutReleaseFileIsAsked() throws Exception {
        Path silent = jdk("27", false);
        assertTrue(launch(Map.of("JAVA_HOME", silent.toString())).out().startsWith("27\n"));
        Path old = jdk("1.8.0_402", false);
        assertTrue(launch(Map.of("JAVA_HOME", old.toString())).out().startsWith("27\n"));
    }

    @Test
    void withoutAJdkOneSentenceSaysWhatToInstall() throws Exception {
        launch(Map.of());
        Run run = launch(Map.of("HOME", folder.resolve("empty").toString(), "PATH", "/bin"));
        assertEquals(1, run.code());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains("JDK 22 or later"), run.err());
        Run refused = launch(Map.of("FLOWSCOPE_JAVA_HOME", jdk("21", true).toString()));
        assertEquals(1, refused.code());
        assertTrue(refused.err().contains("is no JDK 22 or later"), refused.err());
    }

    @Test
    void withoutMavenOneSentenceSaysSo() throws Exception {
        Path tools = tools();
        Run run = launch(Map.of("PATH", tools.toString()));
        assertEquals(1, run.code());
        assertTrue(run.err().contains("install it (apt install maven)"), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        remove(tools);
    }

    @Test
    void optionsOfTheUsersReachTheJvm() throws Exception {
        Run run = launch(Map.of("FLOWSCOPE_JAVA_OPTS", "-Xmx77m -Dx=y"), "-Dz=1");
        int last = run.out().indexOf("<--module>");
        assertTrue(run.out().indexOf("<-Xmx77m>\n<-Dx=y>") < last, run.out());
        assertTrue(run.out().indexOf("<-Dz=1>") > last, run.out());
    }

    @Test
    void aBuiltCheckoutThatCannotBeWrittenRuns() throws Exception {
        Needs.root();
        Needs.tool("setpriv");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        launch(Map.of());
        Path source = root.resolve("cli/src/main/java/A.java");
        Object[] asNobody = {
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", root.resolve("flowscope")
        };
        Run fresh = Run.process(builder(Map.of(), asNobody));
        assertEquals(0, fresh.code(), fresh.err());
        assertEquals("", fresh.err());
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        Run stale = Run.process(builder(Map.of(), asNobody));
        assertEquals(0, stale.code(), stale.err());
        assertTrue(stale.err().contains("cannot be written; using the build"), stale.err());
    }

    @Test
    void whereNoLocaleIsSetNamesAreUtf8() throws Exception {
        String set = "\nlocale C.UTF-8 ";
        assertTrue(launch(Map.of()).out().contains(set));
        assertTrue(launch(Map.of("LANG", "C")).out().contains(set));
        assertTrue(launch(Map.of("LANG", "de_DE.UTF-8", "LC_ALL", "POSIX")).out().contains(set));
        assertTrue(launch(Map.of("LANG", "de_DE.UTF-8", "LC_CTYPE", "C")).out().contains(set));
        Run german = launch(Map.of("LANG", "de_DE.UTF-8"));
        assertTrue(german.out().contains("\nlocale   de_DE.UTF-8\n"), german.out());
        Run latin = launch(Map.of("LC_CTYPE", "de_DE.ISO-8859-1", "LANG", "C"));
        assertTrue(latin.out().contains("\nlocale  de_DE.ISO-8859-1 C\n"), latin.out());
    }

    @Test
    void whatOnlyPrintsATextIsCompiledQuickly() throws Exception {
        String quickly = "<-XX:TieredStopAtLevel=1>";
        for (String word : List.of("-h", "--help", "-V", "--version", "completion", "help")) {
            assertTrue(launch(Map.of(), word).out().contains(quickly), word);
        }
        assertTrue(launch(Map.of(), "flows", "--help").out().contains(quickly));
        assertFalse(launch(Map.of(), "flows", "x.pcap").out().contains(quickly));
        assertFalse(launch(Map.of(), "flows", "--", "--help").out().contains(quickly));
        assertFalse(launch(Map.of(), "flows", "completion").out().contains(quickly));
    }
}
