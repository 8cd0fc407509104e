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
        PacketSupply supply = new PacketSupply(1, PacketSupply.Order.NEW);
        // Once before it counts: what compiled code and the heap take is not the flows'.
        fill(flows, supply);
        System.out.println(fill(flows, supply));
    }

    private static String fill(int flows, PacketSupply supply) throws IOException {
        var options = TrackerOptions.builder().maxFlows(flows).arena(PageArena::ofShared).build();
        long before = ResidentMemory.bytes();
        try (FlowTracker tracker = new FlowTracker(options)) {
            while (tracker.liveFlows() < flows) {
                tracker.trackBatch(supply.memory(), supply.descriptors(), supply.next());
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
