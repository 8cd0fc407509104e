package io.flowscope.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bench.compare.Sample;
import io.flowscope.bench.live.Latency;
import io.flowscope.bench.live.LiveResults;
import io.flowscope.bench.live.LiveRun;
import io.flowscope.bench.spread.Spread;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

class MeasuredTest {
    @TempDir private Path folder;

    private static Sample sample(String workload, String contender, long packets, long allocated) {
        return new Sample(workload, contender, 1, 1.5, 2.25, packets, 3, 4, 5, allocated);
    }

    private static StageResult stage(String name, double nanos) {
        return new StageResult(name, new Spread(nanos, nanos, nanos, 1), 0.0005);
    }

    private static Measured everything() {
        LiveRun run = new LiveRun("flowscope ring", 1, 0, 1e5, 1, 9, 8, 1, 50.5, 40.25, 7);
        LiveResults live =
                new LiveResults(
                        Map.of("flowscope ring", "ours"),
                        List.of(run),
                        Map.of("flowscope ring", 90_000L),
                        List.of(new Latency("THROUGHPUT", 1_000, 1, 2, 3, 4)));
        return Measured.nothing("abc", true)
                .withPart("programs", "full, “quotes” \"and\" a \\ and\ttab")
                .withMissing("live", Map.of("tcpdump", "not\ninstalled"))
                .withSamples("10k", List.of(sample("10k", "flowscope", 2_500_000, 80)))
                .withStages(List.of(stage("A.b x=1", 12.5), stage("A.b x=2", Double.NaN)))
                .withFlowCosts(List.of(new FlowCost(1_000, true, 250, 1, 2, 3, 4, 5)))
                .withWorkers(List.of(1.0, 1.125))
                .withLive(live);
    }

    private void write(Measured measured) throws IOException {
        String text = Json.of(Map.of("title", "Full run", "measured", measured));
        Files.writeString(folder.resolve("results.json"), text + "\n");
    }

    @Test
    void whatWasWrittenIsReadAgain() throws IOException {
        write(everything());
        assertEquals(everything(), Measured.read(folder, "abc"));
    }

    @Test
    void nothingIsLostWhereSomethingElseIsAdded() {
        Measured all = everything().onMachine(false);
        assertTrue(all.noisy());
        assertEquals(Set.of("programs"), all.parts().keySet());
        assertEquals(Set.of("live: tcpdump"), all.missing().keySet());
        assertEquals(1, all.samples().size());
        assertEquals(2, all.stages().size());
        assertEquals(1, all.flowCosts().size());
        assertEquals(List.of(1.0, 1.125), all.twoWorkersToOne());
        assertEquals(1, all.live().runs().size());
        assertTrue(Measured.nothing("abc", false).onMachine(true).noisy());
    }

    @Test
    void resultsOfAnotherCommitAreNotTakenOver() throws IOException {
        write(everything());
        var thrown = assertThrows(IOException.class, () -> Measured.read(folder, "def"));
        assertTrue(thrown.getMessage().contains("abc"), thrown.getMessage());
    }

    @Test
    void whatIsMeasuredAgainReplacesWhatWasThere() {
        Measured again =
                everything()
                        .withSamples("10k", List.of(sample("10k", "C read", 1, -1)))
                        .withSamples("mix", List.of(sample("mix", "C read", 1, -1)))
                        .withStages(List.of(stage("A.b x=2", 3)))
                        .withMissing("live", Map.of());
        assertEquals(
                List.of("10k", "mix"), again.samples().stream().map(Sample::workload).toList());
        assertEquals(
                List.of(12.5, 3.0), again.stages().stream().map(s -> s.nanos().median()).toList());
        assertEquals(Map.of(), again.missing());
    }

    private static String goal(Measured measured, String text) {
        Figures figures = new Figures(measured.samples(), measured.stages());
        return new Goals(measured, figures)
                .all().stream()
                        .filter(g -> g.text().equals(text))
                        .map(Goal::measured)
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void lessThanOneByteInAThousandPacketsIsNothing() {
        String file = "allocated in steady state, file and tracker, worst run";
        assertEquals("80 B in 2500000 packets ✓", goal(everything(), file));
        assertEquals("7 B in 8 packets ✗", goal(everything(), "the same, ring and tracker"));
        assertEquals("–", goal(Measured.nothing("abc", false), file));
    }

    @Test
    void handingOverAndHashingAreComparedWithTheSameWithoutThem() {
        String streams = "ReassemblyBenchmark.batch flows=1 segments=";
        Measured measured =
                everything()
                        .withStages(
                                List.of(
                                        stage(streams + "OFF", 50),
                                        stage(streams + "IN_ORDER", 58),
                                        stage(streams + "HASHED", 1_000),
                                        stage("HashingBenchmark.hash", 800)));
        assertEquals(
                "8 ns ✓", goal(measured, "1460 B in order to a consumer, over tracking the same"));
        assertEquals(
                "1.25 × ✓", goal(measured, "reassembled and hashed, to hashing the same bytes"));
    }
}
