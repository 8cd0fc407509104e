package io.flowscope.bench.pass;

import io.flowscope.capture.CaptureFile;
import io.flowscope.capture.CaptureWriter;
import io.flowscope.capture.CaptureWriterOptions;
import io.flowscope.capture.CaptureWriterOptions.Layout;
import io.flowscope.capture.FilteredSource;

import java.nio.file.Path;

/**
 * Writes a file's packets, all or those that a filter takes, to another file of the same layout.
 *
 * <pre>
 *   WritePasses FILE PASSES TARGET [FILTER]
 * </pre>
 */
public final class WritePasses {
    private WritePasses() {}

    /** See the class. */
    public static void main(String[] arguments) {
        Path target = Path.of(arguments[2]);
        String filter = arguments.length > 3 ? arguments[3] : "";
        var options = CaptureWriterOptions.builder().layout(Layout.PCAP_NANOSECONDS).build();
        Pass pass = new Pass(System.out);
        for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
            pass.begin();
            long packets;
            try (var source = CaptureFile.open(Path.of(arguments[0]));
                    var writer = CaptureWriter.open(target, options)) {
                if (filter.isEmpty()) {
                    packets = source.forEachBatch(writer);
                } else {
                    var chosen = new FilteredSource(source, filter);
                    packets = chosen.forEachBatch(writer) + chosen.rejected();
                }
            }
            pass.end(packets, 0, 0);
        }
    }
}
