package io.flowscope.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks the C compiler of this machine what integer expressions are worth. One that its headers do
 * not know is absent, not an error: each stands on a line of its own, and lines that do not compile
 * are left out.
 */
public final class CProgram {
    private static final Pattern BAD_LINE = Pattern.compile("probe\\.c:(\\d+):\\d+: error:");

    private final List<String> lines = new ArrayList<>();
    private final Map<Integer, String> expressionOfLine = new LinkedHashMap<>();

    /** What the compiler said of each expression; absent ones are only in {@code absent}. */
    public record Answer(Map<String, Long> values, TreeSet<String> absent) {}

    public CProgram(String... prologue) {
        Tools.require(Tools.onPath("gcc"), "needs gcc");
        lines.addAll(List.of(prologue));
        lines.add("#include <stddef.h>");
        lines.add("#include <stdio.h>");
        lines.add("#define SHOW(n, value) printf(\"%d %lld\\n\", n, (long long) (value))");
        lines.add("int main(void) {");
    }

    public void ask(String expression) {
        int line = lines.size() + 1;
        lines.add("SHOW(%d, %s);".formatted(line, expression));
        expressionOfLine.put(line, expression);
    }

    public Answer answers(Path folder) throws IOException, InterruptedException {
        Path source = folder.resolve("probe.c");
        Path program = folder.resolve("probe");
        lines.add("return 0; }");
        TreeSet<String> absent = new TreeSet<>();

        Files.write(source, lines);
        Matcher bad = BAD_LINE.matcher(gcc(source, "-fsyntax-only", "-fmax-errors=0").output());
        while (bad.find()) {
            int line = Integer.parseInt(bad.group(1));
            String expression = expressionOfLine.get(line);
            if (expression != null) {
                absent.add(expression);
                lines.set(line - 1, "");
            }
        }

        Files.write(source, lines);
        Tools.Outcome compiled = gcc(source, "-o", program.toString());
        assertEquals(0, compiled.exitCode(), compiled.output());
        Map<String, Long> values = new LinkedHashMap<>();
        Tools.run(List.of(program.toString()))
                .output()
                .lines()
                .map(line -> line.split(" ", 2))
                .forEach(
                        pair ->
                                values.put(
                                        expressionOfLine.get(Integer.parseInt(pair[0])),
                                        Long.parseLong(pair[1])));
        return new Answer(values, absent);
    }

    private static Tools.Outcome gcc(Path source, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-w"));
        command.addAll(List.of(options));
        command.addAll(
                List.of(
                        "-I",
                        Tools.module().resolve("src/jextract").toString(),
                        source.toString()));
        return Tools.run(command);
    }
}
