package io.flowscope.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.InterfaceCalls;
import io.flowscope.bindings.pcap.Libpcap;
import io.flowscope.bindings.pcap.PcapDevices;
import io.flowscope.bindings.pcap.PcapErrors;
import io.flowscope.bindings.pcap.PcapFilter;
import io.flowscope.bindings.pcap.PcapHandles;
import io.flowscope.bindings.pcap.PcapNames;
import io.flowscope.bindings.pcap.pcap_h;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * What libraries hand out goes back to them: otherwise the C library's heap grows. In a JVM of its
 * own that compiles nothing, for the compiler's own memory is of the same heap.
 */
class FreedTest {
    @Test
    void whatLibrariesHandOutGoesBackToThem() throws Exception {
        Tools.require(Tools.inTheCLibrary("mallinfo2"), "needs glibc 2.33 or newer");
        Tools.require(Libpcap.isAvailable(), String.valueOf(Libpcap.unavailabilityCause()));
        Tools.Outcome outcome = Tools.runJava(Heap.class, "-Xint", "-XX:+UseSerialGC");
        assertEquals(0, outcome.exitCode(), outcome.output());
    }

    /** Runs in the other JVM. */
    static final class Heap {
        private static final int ROUNDS = 5;

        /** {@code struct mallinfo2}: ten numbers. */
        private static final MemoryLayout MALLINFO =
                MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, JAVA_LONG));

        private static final long IN_USE_OFFSET = 7 * 8;
        private static final MethodHandle HANDLE =
                Linker.nativeLinker()
                        .downcallHandle(
                                Linker.nativeLinker()
                                        .defaultLookup()
                                        .find("mallinfo2")
                                        .orElseThrow(),
                                FunctionDescriptor.of(MALLINFO));

        private Heap() {}

        public static void main(String[] arguments) throws Throwable {
            Arena arena = Arena.global();
            ErrnoCapture errno = ErrnoCapture.allocate(arena);
            leavesLess(20, 400, () -> InterfaceCalls.getifaddrs(errno, new ArrayList<>()));
            MemorySegment error = PcapErrors.buffer(arena);
            leavesLess(5, 1000, () -> PcapDevices.findAll(error, new ArrayList<>()));
            MemorySegment dead = PcapHandles.openDead(arena, pcap_h.DLT_EN10MB(), 4096, 0);
            leavesLess(100, 32, () -> PcapNames.linkTypesOf(dead));
            leavesLess(100, 32, () -> PcapNames.timestampTypesOf(dead));
            leavesLess(50, 200, () -> compile(dead));
        }

        private static void compile(MemorySegment dead) {
            try (Arena owner = Arena.ofConfined()) {
                String expression = "arp or host 192.0.2.1 or port 53 or ip6 proto 17";
                PcapFilter.compile(owner, dead, expression, true, 0);
            }
        }

        /** Fails if so many calls leave half of {@code leastBytes} each, or more, behind. */
        private static void leavesLess(int calls, int leastBytes, Runnable call) throws Throwable {
            SegmentAllocator room =
                    SegmentAllocator.prefixAllocator(Arena.global().allocate(MALLINFO));
            long[] grown = new long[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                long before = inUse(room);
                for (int i = 0; i < calls; i++) {
                    call.run();
                }
                grown[round] = inUse(room) - before;
            }
            // The JVM takes some as well, at first most of all: the sum would say little.
            Arrays.sort(grown);
            System.out.println(Arrays.toString(grown));
            assertTrue(grown[ROUNDS / 2] < (long) calls * leastBytes / 2);
        }

        private static long inUse(SegmentAllocator room) throws Throwable {
            return ((MemorySegment) HANDLE.invokeExact(room)).get(JAVA_LONG, IN_USE_OFFSET);
        }
    }
}
