package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** When the launcher builds the command, and what becomes of a build. */
class LauncherBuildTest extends LauncherCheckout {
    /** The fake Maven, as soon as a launcher that builds has called it. */
    private ProcessHandle maven() throws Exception {
        for (int tries = 0; calls().isEmpty(); tries++) {
            assertTrue(tries < 2_000, "Maven was not called");
            Thread.sleep(5);
        }
        String call = calls().getLast();
        return ProcessHandle.of(Long.parseLong(call.substring(0, call.indexOf(' ')))).orElseThrow();
    }

    private List<Path> foldersOfJars() throws IOException {
        try (var files = Files.list(root.resolve("cli/target/command"))) {
            return files.filter(Files::isDirectory).toList();
        }
    }

    @Test
    void onlySourcesAsTheyWereClonedAreTrusted() throws Exception {
        launch(Map.of());
        String call = calls().getFirst();
        assertTrue(call.contains(" -Derror-prone.main=-XDpassed -Dchecks.are.fewer=true "), call);
        change();
        launch(Map.of());
        assertEquals(2, builds());
        assertFalse(calls().getLast().matches(".*-D(error-prone|checks).*"), calls().toString());
    }

    @Test
    void theCommandKeepsTheUsersMaskAndTheBuildIsForAll() throws Exception {
        String line = "umask 077; exec '" + root.resolve("flowscope") + "'";
        for (int start = 0; start < 2; start++) {
            Run run = Run.process(builder(Map.of(), "sh", "-c", line));
            assertTrue(run.out().contains("\numask 0077\n"), run.out());
        }
        Path jars = foldersOfJars().getFirst();
        assertEquals(
                "rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(jars)));
        try (var files = Files.list(jars)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertEquals(
                        "rw-r--r--",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
    }

    @Test
    void anotherVersionTakesThePlaceOfTheOneBefore() throws Exception {
        launch(Map.of());
        change();
        Run run = launch(Map.of("MAVEN_VERSION", "2"));
        assertEquals(0, run.code(), run.err());
        String current = Files.readString(root.resolve("cli/target/command/current")).strip();
        try (var jars = Files.list(root.resolve("cli/target/command/" + current + "/lib"))) {
            assertEquals(
                    List.of("flowscope-cli-2.jar", "other library.jar"),
                    jars.map(jar -> jar.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void aTerminatedBuildTakesMavenAlong() throws Exception {
        Process launcher =
                builder(Map.of("MAVEN_WAITS_FOR", "ever"), root.resolve("flowscope")).start();
        ProcessHandle maven = maven();
        launcher.toHandle().destroy();
        Run run = Run.end(launcher);
        assertEquals(143, run.code(), run.err());
        assertEquals("", run.out());
        assertFalse(maven.isAlive());
        assertEquals(List.of(), foldersOfJars());
        assertEquals(0, launch(Map.of()).code());
    }

    @Test
    void theMavenOfALauncherThatWasKilledIsWaitedFor() throws Exception {
        Process killed =
                builder(Map.of("MAVEN_WAITS_FOR", "end"), root.resolve("flowscope")).start();
        maven();
        killed.destroyForcibly().waitFor();
        Process next = builder(Map.of(), root.resolve("flowscope")).start();
        String told = next.errorReader().readLine();
        assertEquals("flowscope: waiting for another build …", told);
        Files.writeString(fakes.resolve("end"), "");
        assertEquals(0, Run.end(next).code());
        assertEquals(2, builds());
    }

    @Test
    void aBuildThatCannotBeKeptLeavesNothing() throws Exception {
        script(fakes.resolve("cp"), "#!/bin/sh\nexit 1\n");
        Run run = launch(Map.of());
        assertEquals(1, run.code());
        assertTrue(run.err().contains("cannot copy the jars"), run.err());
        assertEquals(List.of(), foldersOfJars());
    }

    @Test
    void aSecondRunBuildsNothing() throws Exception {
        assertTrue(launch(Map.of()).err().contains("building with"));
        Run second = launch(Map.of());
        assertEquals("", second.err());
        assertEquals(1, builds());
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
        change();
        String mistake = "[ERROR] Broken.java:[1,1] not a statement";
        Run failed = launch(Map.of("MAVEN_FAILS", mistake), "--help");
        assertEquals(1, failed.code());
        assertEquals("", failed.out());
        assertTrue(failed.err().contains(mistake), failed.err());
        assertFalse(failed.err().contains("some progress"), failed.err());
        assertEquals(1, foldersOfJars().size());
        Path source = root.resolve("cli/src/main/java/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(3_600)));
        assertEquals(0, launch(Map.of()).code());
        assertEquals(2, builds());
    }

    @Test
    void aMavenThatDoesNotStartHasTheLastWord() throws Exception {
        Run failed = launch(Map.of("MAVEN_FAILS", "Could not create the Java Virtual Machine"));
        assertEquals(1, failed.code());
        assertTrue(failed.err().contains("Could not create the Java Virtual"), failed.err());
        assertFalse(failed.err().contains("some progress"), failed.err());
    }

    @Test
    void launchersAtTheSameTimeBuildOnce() throws Exception {
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            running.add(
                    builder(Map.of("MAVEN_SLEEPS", "0.3"), root.resolve("flowscope"), "x").start());
        }
        for (Process process : running) {
            Run run = Run.end(process);
            assertEquals(0, run.code(), run.err());
            assertTrue(run.out().endsWith("<x>\n"), run.out());
        }
        assertEquals(1, builds());
    }

    @Test
    void withoutFlockLaunchersWaitForTheLivingAndNotForTheDead() throws Exception {
        Path without = tools();
        Files.createSymbolicLink(without.resolve("mvn"), fakes.resolve("mvn"));
        Files.delete(without.resolve("sleep"));
        script(without.resolve("sleep"), "#!/bin/sh\nexec " + which("sleep") + " 0.05\n");
        Path lock = root.resolve("cli/target/command/lock.owner");
        Files.createDirectories(lock.getParent());
        Files.createSymbolicLink(lock, Path.of("99999999")); // beyond all numbers of processes
        Map<String, String> environment =
                Map.of("PATH", without.toString(), "MAVEN_WAITS_FOR", "end");
        Process one = builder(environment, root.resolve("flowscope")).start();
        maven();
        Process two = builder(environment, root.resolve("flowscope")).start();
        String told = String.valueOf(two.errorReader().readLine());
        assertTrue(told.contains("another build, process " + one.pid() + ";"), told);
        Files.writeString(fakes.resolve("end"), "");
        assertEquals(0, Run.end(one).code());
        assertEquals(0, Run.end(two).code());
        assertEquals(1, builds());
        assertFalse(Files.exists(lock, LinkOption.NOFOLLOW_LINKS));
        remove(without);
    }

    /** A folder of what the launcher cannot do without, and nothing else. */
    private Path tools() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        String[] names = {
            "sh",
            "mkdir",
            "rm",
            "cp",
            "mv",
            "find",
            "sed",
            "tr",
            "date",
            "sleep",
            "readlink",
            "cat",
            "ln",
            "tail"
        };
        for (String name : names) {
            Files.createSymbolicLink(tools.resolve(name), which(name));
        }
        return tools;
    }

    private static Path which(String tool) {
        Path usual = Path.of("/usr/bin", tool);
        return Files.exists(usual) ? usual : Path.of("/bin", tool);
    }

    @Test
    void withoutMavenOneSentenceSaysSo() throws Exception {
        Run run = launch(Map.of("PATH", systemTools.toString()));
        assertEquals(1, run.code());
        assertTrue(run.err().contains("install it (apt install maven)"), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    private Run launchAsNobody() throws Exception {
        Needs.root();
        Needs.tool("setpriv");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Object[] line = {
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", root.resolve("flowscope")
        };
        return Run.process(builder(Map.of(), line));
    }

    @Test
    void aCheckoutThatCannotBeWrittenIsNotBuilt() throws Exception {
        Run run = launchAsNobody();
        assertEquals(1, run.code());
        assertTrue(run.err().endsWith("cli/target cannot be written\n"), run.err());
        Path builds = Files.createDirectories(root.resolve("cli/target/command"));
        Files.setPosixFilePermissions(builds, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(builds.resolve("lock"), "");
        Run locked = launchAsNobody();
        assertEquals(1, locked.code());
        assertEquals("flowscope: cannot write to " + builds + "\n", locked.err());
    }

    @Test
    void aBuiltCheckoutThatCannotBeWrittenRuns() throws Exception {
        launch(Map.of());
        Run fresh = launchAsNobody();
        assertEquals(0, fresh.code(), fresh.err());
        assertEquals("", fresh.err());
        change();
        Run stale = launchAsNobody();
        assertEquals(0, stale.code(), stale.err());
        assertTrue(stale.err().contains("cannot be written; using the build"), stale.err());
    }
}
