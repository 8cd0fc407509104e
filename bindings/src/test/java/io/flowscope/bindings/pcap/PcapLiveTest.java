package io.flowscope.bindings.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bindings.Tools;
import io.flowscope.bindings.linux.CapabilityCalls;
import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.SocketAddresses;
import io.flowscope.bindings.linux.linux_h;
import io.flowscope.bindings.linux.sockaddr_in;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** libpcap on the loopback interface. */
class PcapLiveTest {
    @BeforeEach
    void needLibpcapAndTheRightToCapture() {
        Tools.require(Libpcap.isAvailable(), String.valueOf(Libpcap.unavailabilityCause()));
        try (Arena arena = Arena.ofConfined()) {
            long mask = CapabilityCalls.effective(ErrnoCapture.allocate(arena));
            Tools.require(
                    CapabilityCalls.contains(mask, linux_h.CAP_NET_RAW()), "needs CAP_NET_RAW");
        }
    }

    private static MemorySegment activatedLoopback(Arena arena) {
        MemorySegment error = PcapErrors.buffer(arena);
        MemorySegment source = PcapHandles.create(arena, "lo", error);
        assertTrue(source.address() != 0, () -> PcapErrors.message(error));
        assertEquals(0, pcap_h.pcap_set_snaplen(source, 128));
        assertEquals(0, pcap_h.pcap_set_timeout(source, 50));
        assertEquals(0, pcap_h.pcap_set_immediate_mode(source, 1));
        assertEquals(0, pcap_h.pcap_set_buffer_size(source, 1 << 20));
        int nano = pcap_h.PCAP_TSTAMP_PRECISION_NANO();
        assertEquals(0, pcap_h.pcap_set_tstamp_precision(source, nano));
        assertEquals(0, pcap_h.pcap_activate(source), () -> PcapErrors.lastOf(source));
        return source;
    }

    @Test
    void whatIsInjectedIsCaptured() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment source = activatedLoopback(arena);
            assertTrue(PcapNames.linkTypesOf(source).length > 0);
            PcapFilter ours = PcapFilter.compile(arena, source, "ether proto 0x88b5", true, 0);
            assertTrue(ours != null && ours.installOn(source) == 0);

            MemorySegment frame = arena.allocate(60);
            frame.set(ValueLayout.JAVA_SHORT_UNALIGNED, 12, Short.reverseBytes((short) 0x88b5));
            frame.set(ValueLayout.JAVA_BYTE, 59, (byte) 42);
            assertEquals(60, pcap_h.pcap_inject(source, frame, 60));

            PcapPacket packet = new PcapPacket(arena);
            int status = 0;
            for (int i = 0; i < 100 && status == 0; i++) {
                status = packet.next(source);
            }
            assertEquals(1, status);
            assertEquals(42, packet.bytes().get(ValueLayout.JAVA_BYTE, 59));

            MemorySegment statistics = pcap_stat.allocate(arena);
            assertEquals(0, pcap_h.pcap_stats(source, statistics));
            assertTrue(pcap_stat.ps_recv(statistics) >= 1);
        }
    }

    @Test
    void breakloopFromAnotherThreadEndsALoop() throws Exception {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment source = activatedLoopback(arena);
            PcapFilter nothing = PcapFilter.compile(arena, source, "ether proto 0x88b6", true, 0);
            assertTrue(nothing != null && nothing.installOn(source) == 0);
            PcapLoop loop = new PcapLoop(arena, (header, bytes) -> {});
            CompletableFuture<Integer> reader =
                    CompletableFuture.supplyAsync(() -> loop.loop(source, -1));
            Thread.sleep(100);
            pcap_h.pcap_breakloop(source);
            assertEquals(pcap_h.PCAP_ERROR_BREAK(), reader.get(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void theLoopbackIsAmongTheDevicesWithItsAddress() {
        try (Arena arena = Arena.ofConfined()) {
            List<PcapDevice> found = new ArrayList<>();
            int count = PcapDevices.findAll(PcapErrors.buffer(arena), found);
            assertEquals(count, found.size());
            PcapDevice loopback =
                    found.stream().filter(d -> d.name().equals("lo")).findFirst().orElseThrow();
            int flag = pcap_h.PCAP_IF_LOOPBACK();
            assertEquals(flag, loopback.flags() & flag);
            assertTrue(
                    loopback.addresses().stream()
                            .filter(a -> SocketAddresses.family(a) == linux_h.AF_INET())
                            .anyMatch(
                                    a ->
                                            sockaddr_in.sin_addr(a).get(ValueLayout.JAVA_BYTE, 0)
                                                    == 127));
        }
    }
}
