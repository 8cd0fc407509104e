package consumer.protocol;

import io.flowscope.capture.CaptureFile;
import io.flowscope.tracker.FlowEvents;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.session.example.LengthPrefixedProtocol.Line;

import java.nio.file.Path;
import java.util.stream.Stream;

/** Prints the lines in a capture file. */
public final class PrintLines {
    private PrintLines() {}

    /** Takes the file's name. */
    public static void main(String[] args) {
        try (CaptureFile file = CaptureFile.open(Path.of(args[0]));
                Stream<Line> lines =
                        FlowEvents.messages(
                                Line.class,
                                TrackerOptions.defaults(),
                                tracker -> file.forEachBatch(tracker::trackBatch))) {
            lines.forEach(line -> System.out.println(line.text()));
        }
    }
}
