package io.flowscope.bench.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flowscope.bench.compare.CPrograms;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Everybody who listens counts what was sent, on an interface of the test's own. */
@Tag("slow")
class LiveComparisonTest {
    private static final long PACKETS = 30_000;
    private static final long PER_SECOND = 30_000;

    @TempDir private Path folder;

    @Test
    void receiversCountTheSendersPackets() throws Exception {
        Optional<String> obstacle = LiveComparison.obstacle();
        boolean must = "true".equals(System.getenv("CI"));
        assumeTrue(must || obstacle.isEmpty(), () -> obstacle.orElse(""));
        assertEquals(Optional.empty(), obstacle);
        Path sources = Path.of(System.getProperty("flowscope.root"), "bench/src/main/c");
        var programs = new CPrograms(sources, folder.resolve("c"));
        var live =
                new LiveComparison(
                        programs,
                        folder,
                        1,
                        PACKETS,
                        null,
                        new PrintStream(OutputStream.nullOutputStream()));
        live.atRate(1, PACKETS, PER_SECOND);
        live.latency("LOW_LATENCY", 1_000);

        LiveResults results = live.results();
        assertTrue(results.receivers().size() >= 4, results::toString);
        for (String receiver : results.receivers().keySet()) {
            List<LiveRun> runs = results.of(receiver, PER_SECOND);
            assertEquals(1, runs.size(), receiver);
            LiveRun run = runs.getFirst();
            assertEquals(PACKETS, run.sent() + run.wireDrops(), receiver);
            // A busy machine may lose some; then the receiver knows of each.
            assertEquals(run.drops(), run.lost(), run::toString);
            assertTrue(run.nanos() > 0, run::toString);
        }
        Latency latency = results.latencies().getFirst();
        assertTrue(latency.p50() > 0 && latency.p50() <= latency.most(), latency::toString);
    }
}
