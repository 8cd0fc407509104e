package io.flowscope.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flowscope.bench.load.SegmentSupply.Shape;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TcpState;
import io.flowscope.tracker.TrackerOptions;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The segments are what their shapes promise. */
class SegmentSupplyTest {
    private static final int FLOWS = 300;
    private static final int CHUNKS = 5;

    private long handedOver;

    @ParameterizedTest
    @EnumSource
    void everyByteOfEveryStreamComesAndOnlyOnce(Shape shape) {
        SegmentSupply supply = new SegmentSupply(FLOWS, shape);
        TrackerOptions options =
                TrackerOptions.builder()
                        .streams(
                                flow ->
                                        (stream, memory, at, length, nanos) -> {
                                            handedOver += length;
                                            return length;
                                        })
                        .build();
        try (FlowTracker tracker = new FlowTracker(options)) {
            for (int opened = 0; opened < FLOWS; ) {
                int packets = supply.handshakes(opened);
                tracker.trackBatch(supply.memory(), supply.descriptors(), packets);
                opened += packets / 3;
            }
            for (int i = 0; i < CHUNKS; i++) {
                tracker.trackBatch(supply.memory(), supply.descriptors(), supply.next());
            }
            assertEquals(FLOWS, tracker.liveFlows());
            tracker.forEachFlow(flow -> assertEquals(TcpState.ESTABLISHED, flow.state()));
            int copies = shape == Shape.REPEATED ? 2 : 1;
            long segments = (long) CHUNKS * SegmentSupply.CHUNK / copies;
            assertEquals(segments * SegmentSupply.PAYLOAD_BYTES, handedOver);
            boolean early = shape == Shape.SWAPPED || shape == Shape.REVERSED;
            assertEquals(early, tracker.streamStatistics().memoryHighWaterBytes() > 0, shape::name);
        }
    }
}
