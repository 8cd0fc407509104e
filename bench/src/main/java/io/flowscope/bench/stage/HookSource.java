package io.flowscope.bench.stage;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The tracker as it would be if nobody had ever thought of hooks: its own sources, every statement
 * behind a gate cut out, compiled. To be put on the boot class path of a JVM, where it is found
 * before the tracker itself.
 */
public final class HookSource {
    private static final Pattern GATED = Pattern.compile("\\bif \\((?=[^{;]*Gates\\.[A-Z])");
    private static final Pattern OPERAND =
            Pattern.compile("\\|\\| \\(Gates\\.METRICS && observers != null\\)");

    /** Annotations that nobody has at run time. */
    private static final Pattern NULLNESS =
            Pattern.compile("import org\\.jspecify\\S+;|@Nullable ?|@NullMarked");

    private HookSource() {}

    /**
     * Compiles the tracker without its hooks.
     *
     * @param root of the checkout
     * @param folder is made, and filled with sources and classes
     * @return the folder of the classes
     */
    public static Path compile(Path root, Path folder) throws IOException {
        Path from = root.resolve("tracker/src/main/java");
        Path sources = folder.resolve("java");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<Path> files = new ArrayList<>();
        int cuts = 0;
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.filter(f -> f.toString().endsWith(".java")).toList();
        }
        for (Path file : all) {
            if (file.endsWith("module-info.java") || file.endsWith("package-info.java")) {
                continue;
            }
            String text = Files.readString(file);
            String cut = without(text);
            cuts += GATED.matcher(text).find() ? 1 : 0;
            Path copy = sources.resolve(from.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            files.add(Files.writeString(copy, cut));
        }
        if (cuts < 3) {
            throw new IllegalStateException("hooks were found in " + cuts + " files only");
        }
        compile(files, classes);
        return classes;
    }

    private static void compile(List<Path> files, Path to) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled =
                    compiler.getTask(
                                    output,
                                    manager,
                                    null,
                                    List.of(
                                            "--release",
                                            "22",
                                            "-nowarn",
                                            "-proc:none",
                                            "-d",
                                            to.toString()),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(files))
                            .call();
            if (!compiled) {
                throw new IllegalStateException(output.toString());
            }
        }
    }

    /** A source without its gated statements, none of which has an else. */
    static String without(String source) {
        StringBuilder left = new StringBuilder();
        String text = OPERAND.matcher(NULLNESS.matcher(source).replaceAll("")).replaceAll("");
        int done = 0;
        for (Matcher gated = GATED.matcher(text); gated.find(done); ) {
            left.append(text, done, gated.start());
            int end = text.indexOf('{', gated.start()) + 1;
            for (int depth = 1; depth > 0; end++) {
                char c = text.charAt(end);
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            }
            done = end;
        }
        return left.append(text, done, text.length()).toString();
    }
}
