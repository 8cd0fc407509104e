package io.flowscope.bench.compare;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flowscope.bench.load.Input;
import io.flowscope.bench.load.Workload;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The threads of real programs are stopped at each instruction. */
@Tag("slow")
class InstructionCountTest {
    private static final long STEPS = 300_000;

    @TempDir private Path folder;

    @Test
    void aPacketTakesSomeHundredInstructionsOfWhichLinesAreKnown() throws Exception {
        boolean must = "true".equals(System.getenv("CI"));
        assumeTrue(must || isRoot(), "stopping threads needs root");
        assumeTrue(must || hasGcc(), "gcc is needed");
        Path sources = Path.of(System.getProperty("flowscope.root"), "bench/src/main/c");
        var programs = new CPrograms(sources, folder.resolve("c"));
        Path file = Input.of(Workload.oneFlow(400_000), folder).file();

        InstructionCount limit = InstructionCount.ofLimit(programs, file, 3, STEPS);
        double least = limit.perPacket(limit.steps());
        assertTrue(least > 50 && least < 500, limit::toString);

        InstructionCount ours = InstructionCount.ofTracker(programs, file, 1_000, 15, STEPS);
        double all = ours.perPacket(ours.steps());
        assertTrue(all > 2 * least && all < 5_000, ours::toString);
        List<InstructionCount.Share> shares = ours.shares();
        assertTrue(
                shares.stream().anyMatch(s -> s.method().equals("PacketDecoder.decode")),
                ours::toString);
        assertTrue(
                shares.stream().anyMatch(s -> s.place().matches("Wire\\.i64:[1-9]\\d*") && s.jdk()),
                ours::toString);
    }

    private static boolean isRoot() throws Exception {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static boolean hasGcc() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(bin -> Files.isExecutable(Path.of(bin, "gcc")));
    }
}
