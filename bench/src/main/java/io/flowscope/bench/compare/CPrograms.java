package io.flowscope.bench.compare;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The programs in C, compiled on the spot for this very processor. */
public final class CPrograms {
    private static final List<String> FLAGS =
            List.of("-O3", "-march=native", "-Wall", "-Wextra", "-Wno-unused-function");

    private final Path sources;
    private final Path binaries;

    /** With the folders of the sources and of what is made of them. */
    public CPrograms(Path sources, Path binaries) {
        this.sources = sources;
        this.binaries = binaries;
    }

    /**
     * Compiles a program anew.
     *
     * @return the program
     * @throws IOException with the compiler's words if it refuses
     */
    public Path compile(String name, String... libraries) throws IOException, InterruptedException {
        List<String> linked = Stream.of(libraries).map(library -> "-l" + library).toList();
        return compile(name, binaries.resolve(name), linked);
    }

    /**
     * Compiles an agent for the JVM anew.
     *
     * @return the shared library
     * @throws IOException with the compiler's words if it refuses
     */
    public Path compileAgent(String name) throws IOException, InterruptedException {
        Path headers = Path.of(System.getProperty("java.home"), "include");
        List<String> flags =
                List.of("-shared", "-fPIC", "-I" + headers, "-I" + headers.resolve("linux"));
        return compile(name, binaries.resolve(name + ".so"), flags);
    }

    private Path compile(String name, Path into, List<String> more)
            throws IOException, InterruptedException {
        Files.createDirectories(binaries);
        List<String> command = new ArrayList<>();
        command.add("gcc");
        command.addAll(FLAGS);
        command.addAll(List.of("-o", into.toString(), sources.resolve(name + ".c").toString()));
        command.addAll(more);
        Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said =
                new String(compiler.getInputStream().readAllBytes(), Charset.defaultCharset());
        if (compiler.waitFor() != 0) {
            throw new IOException("gcc refuses " + name + ".c: " + said);
        }
        return into;
    }
}
