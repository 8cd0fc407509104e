package io.flowscope.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flowscope.bindings.pcap.Libpcap;
import io.flowscope.bindings.zstd.Zstd;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/** The bindings as another module sees them, in a JVM that denies what is not granted. */
class NativeAccessTest {
    private static final String GRANT = "--enable-native-access=io.flowscope.bindings";

    private final Path bindings = Tools.module().resolve("target/classes");

    @TempDir private Path caller;

    @BeforeEach
    void compileTheCaller() {
        Path source = Tools.module().resolve("src/test/consumers/granted");
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        int status =
                javac.run(
                        System.out,
                        System.err,
                        "-Xlint:all",
                        "-Werror",
                        "--module-path",
                        bindings.toString(),
                        "-d",
                        caller.toString(),
                        source.resolve("module-info.java").toString(),
                        source.resolve("io/flowscope/capture/RealCalls.java").toString());
        assertEquals(0, status);
    }

    @Test
    void oneGrantIsEnoughForCallsOfEveryKind() throws Exception {
        Tools.Outcome outcome = runCaller(GRANT);
        List<String> expected =
                new ArrayList<>(
                        List.of(
                                "socketpair 0",
                                "poll 1",
                                "map 5",
                                "close -9 EBADF",
                                "getifaddrs true"));
        if (Libpcap.isAvailable()) {
            expected.add("pcap_dispatch true");
        }
        if (Zstd.isAvailable()) {
            expected.add("zstd true");
        }
        assertEquals(expected, outcome.output().lines().toList());
        assertEquals(0, outcome.exitCode());
    }

    @Test
    void withoutTheGrantTheAnswerIsTheOptionToAdd() throws Exception {
        assumeTrue(Runtime.version().feature() >= 24, "needs a JDK that can deny: 24 or newer");
        Tools.Outcome outcome = runCaller("-Dnothing=granted");
        assertEquals(0, outcome.exitCode(), outcome.output());
        List<String> lines = outcome.output().lines().toList();
        assertEquals(2, lines.size(), outcome.output());
        for (String line : lines) {
            assertTrue(line.endsWith("denies native access: add " + GRANT), line);
        }
    }

    private Tools.Outcome runCaller(String grant) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Tools.java(), grant));
        if (Runtime.version().feature() >= 24) {
            command.add("--illegal-native-access=deny");
        }
        command.addAll(
                List.of(
                        "--module-path",
                        bindings + File.pathSeparator + caller,
                        "--module",
                        "io.flowscope.capture/io.flowscope.capture.RealCalls"));
        return Tools.run(command);
    }
}
