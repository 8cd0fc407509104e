package io.flowscope.tracker.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.PacketDescriptor;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.key.FragmentOptions;
import io.flowscope.tracker.packet.CaptureReader;
import io.flowscope.tracker.stream.StreamConsumerFactory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A capture through a whole tracker: what its flows say. */
public final class TrackedRun {
    private TrackedRun() {}

    /**
     * The messages of every flow that had any, or whose parser was closed.
     *
     * @param streams beside the sessions, null for none
     */
    public static List<CaptureRun.Flow> of(
            Path capture, SessionOptions sessions, StreamConsumerFactory streams)
            throws IOException {
        List<CaptureRun.Flow> flows = new ArrayList<>();
        Map<String, CaptureRun.Flow> live = new HashMap<>();
        FlowListener listener =
                new FlowListener() {
                    private CaptureRun.Flow of(FlowView flow) {
                        String name = flow.slot() + " " + flow.startedNanos();
                        return live.computeIfAbsent(
                                name,
                                n -> {
                                    Ports ports =
                                            new Ports(
                                                    flow.port(Side.INITIATOR),
                                                    flow.port(Side.RESPONDER));
                                    var made =
                                            new CaptureRun.Flow(
                                                    n, ports, new ArrayList<>(), new ArrayList<>());
                                    flows.add(made);
                                    return made;
                                });
                    }

                    @Override
                    public void onMessage(FlowView flow, Side side, long nanos, Object message) {
                        of(flow).heard().add(new Talk.Heard(side, nanos, message));
                    }

                    @Override
                    public void onParserClosed(
                            FlowView flow, String protocol, CloseReason reason, String detail) {
                        of(flow).closed().add(protocol + " " + reason.label() + " " + detail);
                    }
                };
        TrackerOptions options =
                TrackerOptions.builder()
                        .noTimeouts()
                        .maxFlows(10_000)
                        .fragments(FragmentOptions.DEFAULT.reassembling(16 << 20))
                        .sessions(sessions)
                        .streams(streams)
                        .build();
        try (Arena arena = Arena.ofConfined();
                FlowTracker tracker = new FlowTracker(options, listener)) {
            for (CaptureReader.Packet packet : CaptureReader.read(capture)) {
                track(tracker, arena, packet);
            }
            tracker.finish();
            assertEquals(0, tracker.sessionStatistics().heldBytes(), capture.toString());
            assertEquals(0, tracker.streamStatistics().memoryBytes(), capture.toString());
            assertEquals(0, tracker.streamStatistics().open(), capture.toString());
        }
        return flows;
    }

    private static void track(FlowTracker tracker, Arena arena, CaptureReader.Packet packet) {
        MemorySegment memory = arena.allocate(Math.max(1, packet.bytes().length));
        MemorySegment.copy(packet.bytes(), 0, memory, JAVA_BYTE, 0, packet.bytes().length);
        MemorySegment record = arena.allocate(PacketDescriptor.BYTES, 8);
        record.set(JAVA_LONG, PacketDescriptor.TIMESTAMP, packet.timestampNanos());
        record.set(JAVA_INT, PacketDescriptor.CAPTURED, packet.bytes().length);
        record.set(JAVA_INT, PacketDescriptor.LENGTH, packet.length());
        record.set(JAVA_SHORT, PacketDescriptor.LINK_TYPE, (short) packet.linkType());
        record.set(JAVA_INT, PacketDescriptor.INTERFACE, -1);
        tracker.trackBatch(memory, record, 1);
    }
}
