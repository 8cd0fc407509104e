package io.flowscope.bench.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How our programs are started: the JVM that runs this one, with the options of the {@code
 * flowscope} command.
 */
public final class Jvm {
    /** What every JVM gets; the last keeps the compiler's threads, whose time is counted. */
    public static final List<String> OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:-UsePerfData",
                    "-XX:-UseDynamicNumberOfCompilerThreads",
                    "--enable-native-access=ALL-UNNAMED");

    private Jvm() {}

    /** The program {@code java}. */
    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** The command that runs a class of a class path. */
    public static List<String> command(String classPath, String main, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(java().toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", classPath, main));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }
}
