package io.flowscope.bench.pass;

import io.flowscope.capture.CaptureFile;
import io.flowscope.capture.CaptureFileOptions;
import io.flowscope.capture.PageArena;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;

import java.nio.file.Path;

/**
 * Tracks the flows of a file, again and again, each time with a new tracker and everything on that
 * a user gets by default. After the timed passes one more, not timed, counts what the packets'
 * thread allocates between its first and its last batch.
 *
 * <pre>
 *   FilePasses FILE PASSES read|mapped|single MAX_FLOWS
 * </pre>
 */
public final class FilePasses {
    private final Path file;
    private final CaptureFileOptions reading;
    private final boolean single;
    private final TrackerOptions tracking;

    private FilePasses(Path file, Way way, int maxFlows) {
        this.file = file;
        reading = CaptureFileOptions.builder().mapped(way == Way.MAPPED).build();
        single = way == Way.SINGLE;
        tracking = TrackerOptions.builder().maxFlows(maxFlows).arena(PageArena::ofShared).build();
    }

    /** How packets get from the file to the tracker. */
    private enum Way {
        READ,
        MAPPED,
        SINGLE
    }

    /** See the class. */
    public static void main(String[] arguments) {
        Way way =
                switch (arguments[2]) {
                    case "read" -> Way.READ;
                    case "mapped" -> Way.MAPPED;
                    case "single" -> Way.SINGLE;
                    default -> throw new IllegalArgumentException(arguments[2]);
                };
        var passes = new FilePasses(Path.of(arguments[0]), way, Integer.parseInt(arguments[3]));
        Pass pass = new Pass(System.out);
        for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
            passes.timed(pass);
        }
        System.out.println("allocated_bytes=" + passes.allocated());
    }

    private void timed(Pass pass) {
        pass.begin();
        var ended = new EndedFlows();
        long packets;
        try (var source = CaptureFile.open(file, reading);
                var tracker = new FlowTracker(tracking, ended)) {
            packets =
                    single
                            ? source.forEach(tracker::track)
                            : source.forEachBatch(tracker::trackBatch);
            tracker.finish();
        }
        pass.end(packets, ended.bytes(), ended.flows());
    }

    private long allocated() {
        try (var source = CaptureFile.open(file, reading);
                var tracker = new FlowTracker(tracking, new EndedFlows())) {
            if (single) {
                var handler = new Allocation.OfPackets(tracker::track);
                source.forEach(handler);
                return handler.bytes();
            }
            var handler = new Allocation.OfBatches(tracker::trackBatch);
            source.forEachBatch(handler);
            return handler.bytes();
        }
    }
}
