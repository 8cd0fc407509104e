package io.flowscope.bench.stage;

import io.flowscope.bench.load.Workload;
import io.flowscope.capture.CaptureFile;
import io.flowscope.capture.CaptureFileOptions;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file's packets handed to a handler that does nothing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FileBenchmark {
    private static final int PACKETS = 200_000;

    /** Whether the file is mapped, else read. */
    @Param({"false", "true"})
    public boolean mapped;

    private Path folder = Path.of("");
    private Path file = Path.of("");

    /** Writes it. */
    @Setup(Level.Trial)
    public void write() throws IOException {
        folder = Files.createTempDirectory("flowscope-bench");
        file = Workload.oneFlow(PACKETS).file(folder);
    }

    /** Deletes it. */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        Files.delete(file);
        Files.delete(folder);
    }

    /** Opening and closing included. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long read() {
        var options = CaptureFileOptions.builder().mapped(mapped).build();
        try (CaptureFile source = CaptureFile.open(file, options)) {
            return source.forEachBatch((memory, descriptors, count) -> {});
        }
    }
}
