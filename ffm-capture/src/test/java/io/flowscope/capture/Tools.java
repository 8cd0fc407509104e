package io.flowscope.capture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs other people's programs, whose judgement does not depend on ours. */
public final class Tools {
    private Tools() {}

    /** What the program printed to its standard output, line by line. */
    public static List<String> lines(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text.lines().toList();
    }
}
