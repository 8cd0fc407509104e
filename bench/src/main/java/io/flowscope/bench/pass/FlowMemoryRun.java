package io.flowscope.bench.pass;

import io.flowscope.bench.load.PacketSupply;
import io.flowscope.capture.PageArena;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;

import java.io.IOException;

/**
 * Opens flows until a table is full and prints how much resident memory that added:
 *
 * <pre>
 *   pass=1 flows=N resident_bytes=N table_bytes=N
 * </pre>
 */
public final class FlowMemoryRun {
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
        long before = ResidentMemory.bytes();
        try (FlowTracker tracker = new FlowTracker(options)) {
            while (tracker.liveFlows() < flows) {
                int packets = supply.next();
                tracker.trackBatch(supply.memory(), supply.descriptors(), packets);
            }
            return "pass=1 flows="
                    + tracker.liveFlows()
                    + " resident_bytes="
                    + (ResidentMemory.bytes() - before)
                    + " table_bytes="
                    + tracker.tableBytes();
        }
    }
}
