package io.flowscope.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bench.compare.Jvm;
import io.flowscope.bench.stage.HookSource;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hook that is off is not there: the compiler makes as many bytes of instructions of each of the
 * tracker's methods as of the same tracker with its hooks cut out of the source.
 *
 * <p>The program compiles in the foreground and does the same each time, so that the compiler does.
 */
@Tag("slow")
class HookIsFreeTest {
    private static final Pattern COMPILED =
            Pattern.compile(
                    "<nmethod [^>]*compiler='c2'[^>]* insts_offset='(\\d+)' stub_offset='(\\d+)'"
                            + "[^>]* method='(io\\.flowscope\\.tracker[^']*)'");

    @TempDir Path folder;

    /** What the last compiler made of the tracker's methods: each with its instructions' bytes. */
    private List<String> compiled(String... options) throws Exception {
        Path log = folder.resolve("compilation.log");
        List<String> command = new ArrayList<>(List.of(Jvm.java().toString()));
        command.addAll(List.of(options));
        command.addAll(
                List.of(
                        "-Xbatch",
                        "-XX:+UseSerialGC",
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:+LogCompilation",
                        "-XX:LogFile=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        HotLoop.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("tracked 2000"), output);
        List<String> methods = new ArrayList<>();
        for (Matcher each = COMPILED.matcher(Files.readString(log)); each.find(); ) {
            int bytes = Integer.parseInt(each.group(2)) - Integer.parseInt(each.group(1));
            methods.add(each.group(3) + " " + bytes);
        }
        methods.sort(null);
        return methods;
    }

    @Test
    void compiledCodeWithTheHookOffIsAsLargeAsWithoutIt() throws Exception {
        Path root = Path.of(System.getProperty("flowscope.root", "..")).toAbsolutePath();
        Path without = HookSource.compile(root, folder.resolve("without"));
        List<List<String>> bares = new ArrayList<>();
        List<List<String>> offs = new ArrayList<>();
        // On a busy machine a compilation may see another profile, and do one thing or another:
        // sooner or later both do the same, if they can.
        do {
            bares.add(compiled("-Xbootclasspath/a:" + without));
            offs.add(compiled());
        } while (bares.stream().noneMatch(offs::contains) && bares.size() < 6);
        List<String> bare = bares.getLast();
        assertTrue(bare.stream().anyMatch(m -> m.contains("FlowTracker trackBatch")), "" + bare);
        if (bares.stream().noneMatch(offs::contains)) {
            assertEquals(bare, offs.getLast());
        }
        // What would be seen if it were not so.
        List<String> on = compiled("-Dflowscope.metrics=true");
        assertTrue(!offs.contains(on), "metrics that are on are there");
    }
}
