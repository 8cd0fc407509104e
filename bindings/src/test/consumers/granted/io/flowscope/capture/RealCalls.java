package io.flowscope.capture;

import io.flowscope.bindings.MemoryLoan;
import io.flowscope.bindings.Platform;
import io.flowscope.bindings.linux.DescriptorCalls;
import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.InterfaceCalls;
import io.flowscope.bindings.linux.MappedMemory;
import io.flowscope.bindings.linux.SocketCalls;
import io.flowscope.bindings.linux.linux_h;
import io.flowscope.bindings.linux.pollfd;
import io.flowscope.bindings.pcap.Libpcap;
import io.flowscope.bindings.pcap.PcapHandles;
import io.flowscope.bindings.pcap.PcapLoop;
import io.flowscope.bindings.pcap.pcap_h;
import io.flowscope.bindings.zstd.Zstd;
import io.flowscope.bindings.zstd.ZstdDecoder;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;

/** Makes one call of every kind and prints what came of it. */
public final class RealCalls {
    private RealCalls() {}

    public static void main(String[] arguments) {
        if (!Platform.isSupported()) {
            System.out.println(Platform.unsupportedCause());
            System.out.println(Libpcap.unavailabilityCause());
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            ErrnoCapture errno = ErrnoCapture.allocate(arena);

            MemorySegment two = arena.allocate(8, 4);
            int pair =
                    SocketCalls.socketpair(errno, linux_h.AF_UNIX(), linux_h.SOCK_DGRAM(), 0, two);
            System.out.println("socketpair " + pair);

            int event = DescriptorCalls.eventfd(errno, 1, linux_h.EFD_CLOEXEC());
            MemorySegment waiting = pollfd.allocate(arena);
            pollfd.fd(waiting, event);
            pollfd.events(waiting, (short) linux_h.POLLIN());
            System.out.println("poll " + DescriptorCalls.poll(errno, waiting, 1, 1000));

            int flags = linux_h.MAP_PRIVATE() | linux_h.MAP_ANONYMOUS();
            int protection = linux_h.PROT_READ() | linux_h.PROT_WRITE();
            MemorySegment mapped = MappedMemory.map(errno, arena, 4096, protection, flags, -1, 0);
            mapped.set(ValueLayout.JAVA_INT, 4092, 5);
            MemorySegment lent = MemoryLoan.lend(mapped, arena);
            System.out.println("map " + lent.get(ValueLayout.JAVA_INT, 4092));

            System.out.println("close " + DescriptorCalls.close(errno, -1) + " " + errno.name());
            System.out.println(
                    "getifaddrs " + (InterfaceCalls.getifaddrs(errno, new ArrayList<>()) > 0));

            if (Libpcap.isAvailable()) {
                MemorySegment dead = PcapHandles.openDead(arena, pcap_h.DLT_EN10MB(), 65535, 0);
                PcapLoop loop = new PcapLoop(arena, (header, bytes) -> {});
                System.out.println("pcap_dispatch " + (loop.dispatch(dead, 1) < 0));
            }
            if (Zstd.isAvailable()) {
                ZstdDecoder.open(arena);
                System.out.println("zstd " + (ZstdDecoder.inputBytes() > 0));
            }
        }
    }
}
