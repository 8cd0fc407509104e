package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** How the launcher starts the command: with which JDK, options, archive and locale. */
class LauncherTest extends LauncherCheckout {
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
    void aCollectorOfTheUsersTakesThePlaceOfOurs() throws Exception {
        String ours = "<-XX:+UseSerialGC>";
        assertTrue(launch(Map.of("FLOWSCOPE_JAVA_OPTS", "-XX:+UseNUMA")).out().contains(ours));
        for (String variable : List.of("FLOWSCOPE_JAVA_OPTS", "JAVA_TOOL_OPTIONS")) {
            Run run = launch(Map.of(variable, "-Xmx1g -XX:+UseZGC"));
            assertFalse(run.out().contains(ours), run.out());
        }
    }

    @Test
    void trainingIsTheSameForAllAndTriedOncePerBuild() throws Exception {
        Map<String, String> environment =
                Map.of(
                        "TRAINING_ENDS_WITH", "1",
                        "FLOWSCOPE_JAVA_OPTS", "-Dmine=1",
                        "JAVA_TOOL_OPTIONS", "-Dmine=2");
        for (int start = 0; start < 2; start++) {
            Run run = launch(environment, "x");
            assertEquals(0, run.code(), run.err());
            assertTrue(run.out().contains("<-Dmine=1>"), run.out());
            assertTrue(run.out().contains("<-Xshare:auto>"), run.out());
        }
        assertEquals(1, lines("trainings").size());
        assertFalse(lines("trainings").getFirst().contains("-Dmine"), "an option of one start");
        change();
        assertTrue(launch(Map.of()).out().contains("<-XX:AOTCache="));
        assertEquals(2, lines("trainings").size());
    }

    @Test
    void aCheckoutWithAColonInItsPathIsRefused() throws Exception {
        Path odd = Files.createDirectories(folder.resolve("a:b"));
        Files.copy(
                root.resolve("flowscope"),
                odd.resolve("flowscope"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Run run = Run.process(builder(Map.of(), odd.resolve("flowscope")));
        assertEquals(1, run.code());
        assertTrue(run.err().contains("no path with a colon"), run.err());
        assertEquals(0, builds());
    }

    @Test
    void aRelativeJavaHomeIsMavensToo() throws Exception {
        Path jdk = jdk("26", true);
        Run run = launch(Map.of("JAVA_HOME", folder.relativize(jdk).toString()));
        assertTrue(run.out().startsWith("26\n"), run.err());
        assertTrue(calls().getFirst().contains("called with " + jdk + ":"), calls().toString());
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
                Map.of("PATH", onPath.resolve("bin") + ":" + fakes + ":" + systemTools);
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
                        old.resolve("bin") + ":" + fakes + ":" + systemTools,
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
        Run run =
                launch(
                        Map.of(
                                "HOME",
                                folder.resolve("empty").toString(),
                                "PATH",
                                systemTools.toString()));
        assertEquals(1, run.code());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains("JDK 22 or later"), run.err());
        Run refused = launch(Map.of("FLOWSCOPE_JAVA_HOME", jdk("21", true).toString()));
        assertEquals(1, refused.code());
        assertTrue(refused.err().contains("is no JDK 22 or later"), refused.err());
    }

    @Test
    void optionsOfTheUsersReachTheJvm() throws Exception {
        Files.writeString(folder.resolve("-Dx=y"), "a file whose name is like an option");
        Run run = launch(Map.of("FLOWSCOPE_JAVA_OPTS", "-Xmx77m -Dx=*"), "-Dz=1");
        int last = run.out().indexOf("<--module>");
        int first = run.out().indexOf("<-Xmx77m>\n<-Dx=*>\n");
        assertTrue(first > 0 && first < last, run.out());
        assertTrue(run.out().indexOf("<-Dz=1>") > last, run.out());
    }

    @Test
    void whereTheLocaleIsAsciiNamesAreUtf8() throws Exception {
        String set = "\nlocale C.UTF-8 ";
        assertTrue(launch(Map.of()).out().contains(set));
        assertTrue(launch(Map.of("LANG", "C")).out().contains(set));
        assertTrue(launch(Map.of("LANG", "de_DE.UTF-8", "LC_ALL", "POSIX")).out().contains(set));
        assertTrue(launch(Map.of("LANG", "de_DE.UTF-8", "LC_CTYPE", "C")).out().contains(set));
        Map<String, String> missing = Map.of("LANG", "de_DE.UTF-8", "CHARMAP", "ANSI_X3.4-1968");
        assertTrue(launch(missing).out().contains(set));
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
