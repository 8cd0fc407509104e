package io.flowscope.capture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a class of the tests in a JVM of its own, for what this one must survive or must not have.
 */
final class OwnJvm {
    private final List<String> before = new ArrayList<>();
    private final List<String> options = new ArrayList<>();

    /** A command in front of Java, such as one that takes rights away. */
    OwnJvm under(String... command) {
        before.addAll(List.of(command));
        return this;
    }

    /** Options of the JVM. */
    OwnJvm with(String... jvmOptions) {
        options.addAll(List.of(jvmOptions));
        return this;
    }

    /** Starts the class's main method; errors come out with the output. */
    Process start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Runs the class's main method to its end: all that it printed. */
    String run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        Process process = start(main, arguments);
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }
}
