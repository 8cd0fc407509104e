package io.flowscope.bench;

import io.flowscope.bench.load.PacketSupply;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;

/** The same packets in the same order, often enough to be compiled for good. */
final class HotLoop {
    private static final int CHUNKS = 250;

    private HotLoop() {}

    /** Prints how many flows there are. */
    public static void main(String[] arguments) {
        PacketSupply supply = new PacketSupply(2_000, PacketSupply.Order.TRAINS);
        TrackerOptions options = TrackerOptions.builder().hashSeed(7).build();
        try (FlowTracker tracker = new FlowTracker(options, FlowListener.NONE)) {
            for (int i = 0; i < CHUNKS; i++) {
                supply.next();
                tracker.trackBatch(supply.memory(), supply.descriptors(), PacketSupply.CHUNK);
            }
            System.out.println("tracked " + tracker.liveFlows());
        }
    }
}
