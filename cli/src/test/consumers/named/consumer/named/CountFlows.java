package consumer.named;

import io.flowscope.capture.CaptureFile;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;

import java.nio.file.Path;

/** Counts the packets and flows of a capture file. */
public final class CountFlows {
    private CountFlows() {}

    /** Takes the file's name. */
    public static void main(String[] args) {
        try (CaptureFile file = CaptureFile.open(Path.of(args[0]));
                FlowTracker tracker = new FlowTracker(TrackerOptions.defaults())) {
            long packets = file.forEachBatch(tracker::trackBatch);
            tracker.finish();
            System.out.println(packets + " packets in " + tracker.counters().created() + " flows");
        }
    }
}
