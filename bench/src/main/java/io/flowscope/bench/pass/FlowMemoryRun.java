package io.flowscope.bench.pass;

import io.flowscope.bench.load.PacketSupply;
import io.flowscope.capture.PageArena;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens flows until a table is full and prints how much resident memory that added:
 *
 * <pre>
 *   pass=1 flows=N resident_bytes=N table_bytes=N
 * </pre>
 */
public final class FlowMemoryRun {
    private static final Path STATUS = Path.of("/proc/self/status");

    private FlowMemoryRun() {}

    /** With the number of flows. */
    public static void main(String[] arguments) throws IOException {
        int flows = Integer.parseInt(arguments[0]);
        // Both touch the same code with few flows first, so that only flows make the difference.
        fill(flows, 1_000);
        System.out.println(fill(flows, flows));
    }

    private static String fill(int capacity, int flows) throws IOException {
        var options =
                TrackerOptions.builder().maxFlows(capacity).arena(PageArena::ofShared).build();
        PacketSupply supply = new PacketSupply(flows, PacketSupply.Order.TRAINS);
        long before = resident();
        try (FlowTracker tracker = new FlowTracker(options)) {
            while (tracker.liveFlows() < flows) {
                int packets = supply.next();
                tracker.trackBatch(supply.memory(), supply.descriptors(), packets);
            }
            return "pass=1 flows="
                    + tracker.liveFlows()
                    + " resident_bytes="
                    + (resident() - before)
                    + " table_bytes="
                    + tracker.tableBytes();
        }
    }

    private static long resident() throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("no VmRSS in " + STATUS);
    }
}
