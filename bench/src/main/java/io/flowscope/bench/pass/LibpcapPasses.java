package io.flowscope.bench.pass;

import io.flowscope.bindings.pcap.PcapErrors;
import io.flowscope.bindings.pcap.PcapHandles;
import io.flowscope.bindings.pcap.PcapPacket;
import io.flowscope.bindings.pcap.pcap_h;
import io.flowscope.capture.PageArena;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The same tracker, fed by libpcap through our own bindings, a call and a copy per packet: what the
 * way through libpcap costs.
 *
 * <pre>
 *   LibpcapPasses FILE PASSES MAX_FLOWS
 * </pre>
 */
public final class LibpcapPasses {
    private static final int MOST_PACKET_BYTES = 256 << 10;

    private LibpcapPasses() {}

    /** See the class. */
    public static void main(String[] arguments) {
        var tracking =
                TrackerOptions.builder()
                        .maxFlows(Integer.parseInt(arguments[2]))
                        .arena(PageArena::ofShared)
                        .build();
        Pass pass = new Pass(System.out);
        for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
            pass.begin();
            var ended = new EndedFlows();
            long packets;
            try (Arena arena = Arena.ofConfined();
                    var tracker = new FlowTracker(tracking, ended)) {
                packets = track(arena, arguments[0], tracker);
                tracker.finish();
            }
            pass.end(packets, ended.bytes(), ended.flows());
        }
    }

    private static long track(Arena arena, String file, FlowTracker tracker) {
        MemorySegment error = PcapErrors.buffer(arena);
        MemorySegment handle =
                PcapHandles.openOffline(arena, file, pcap_h.PCAP_TSTAMP_PRECISION_NANO(), error);
        if (handle.equals(MemorySegment.NULL)) {
            throw new IllegalStateException(PcapErrors.message(error));
        }
        MemorySegment memory = arena.allocate(MOST_PACKET_BYTES, Long.BYTES);
        var packet = new PcapPacket(arena);
        long packets = 0;
        for (; packet.next(handle) == 1; packets++) {
            packet.copyTo(memory, 0);
            tracker.track(
                    memory,
                    0,
                    packet.captured(),
                    packet.length(),
                    packet.seconds() * 1_000_000_000L + packet.fraction());
        }
        return packets;
    }
}
