package io.flowscope.bench.pass;

import io.flowscope.capture.CaptureFile;
import io.flowscope.capture.PageArena;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Several workers, each with a file and a tracker of its own and nothing shared. A pass begins for
 * all of them at once; each line is one worker's and its CPU time its thread's.
 *
 * <pre>
 *   WorkersPasses FILE PASSES MAX_FLOWS WORKERS
 * </pre>
 */
public final class WorkersPasses {
    private WorkersPasses() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        int passes = Integer.parseInt(arguments[1]);
        var tracking =
                TrackerOptions.builder()
                        .maxFlows(Integer.parseInt(arguments[2]))
                        .arena(PageArena::ofShared)
                        .build();
        int workers = Integer.parseInt(arguments[3]);
        var together = new CyclicBarrier(workers);
        try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                all.add(threads.submit(() -> work(file, passes, tracking, together)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private static Void work(Path file, int passes, TrackerOptions tracking, CyclicBarrier together)
            throws Exception {
        CpuClock clock = new CpuClock();
        for (int pass = 1; pass <= passes; pass++) {
            together.await();
            long wall = System.nanoTime();
            long cpu = clock.threadNanos();
            var ended = new EndedFlows();
            long packets;
            try (var source = CaptureFile.open(file);
                    var tracker = new FlowTracker(tracking, ended)) {
                packets = source.forEachBatch(tracker::trackBatch);
                tracker.finish();
            }
            cpu = clock.threadNanos() - cpu;
            wall = System.nanoTime() - wall;
            System.out.printf(
                    "pass=%d packets=%d bytes=%d flows=%d cpu_ns=%d user_ns=%d wall_ns=%d%n",
                    pass, packets, ended.bytes(), ended.flows(), cpu, cpu, wall);
        }
        return null;
    }
}
