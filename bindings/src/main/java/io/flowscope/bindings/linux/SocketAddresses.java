package io.flowscope.bindings.linux;

import static io.flowscope.bindings.linux.linux_h.AF_INET;
import static io.flowscope.bindings.linux.linux_h.AF_INET6;
import static io.flowscope.bindings.linux.linux_h.AF_PACKET;

import io.flowscope.bindings.memory.Pointers;

import java.lang.foreign.MemorySegment;

/** Socket addresses that a library hands out and takes back. */
public final class SocketAddresses {
    /** What {@code sll_halen} can say. */
    private static final int MOST_HARDWARE_BYTES = 0xFF;

    private SocketAddresses() {}

    /**
     * A copy on the heap of the socket address at a pointer, readable with the layout of its
     * family; empty if the pointer is null.
     */
    public static MemorySegment copyOf(MemorySegment pointer) {
        return copyOf(pointer, MOST_HARDWARE_BYTES);
    }

    /**
     * The same from a library that keeps no more of a hardware address than this, whatever the
     * {@code sll_halen} that it hands out says.
     */
    public static MemorySegment copyOf(MemorySegment pointer, int mostHardwareBytes) {
        if (Pointers.isNull(pointer)) {
            return heap(0);
        }
        MemorySegment original = Pointers.sized(pointer, sizeAt(pointer, mostHardwareBytes));
        return heap(original.byteSize()).copyFrom(original).asReadOnly();
    }

    /** The family of an address, {@code AF_UNSPEC} if it is empty. */
    public static int family(MemorySegment address) {
        return address.byteSize() == 0
                ? linux_h.AF_UNSPEC()
                : address.get(linux_h.C_SHORT, sockaddr.sa_family$offset()) & 0xFFFF;
    }

    private static long sizeAt(MemorySegment pointer, int mostHardwareBytes) {
        int family = family(Pointers.sized(pointer, sockaddr.sizeof()));
        if (family == AF_INET()) {
            return sockaddr_in.sizeof();
        }
        if (family == AF_INET6()) {
            return sockaddr_in6.sizeof();
        }
        if (family == AF_PACKET()) {
            // Hardware addresses may be longer than the member that holds them: InfiniBand has 20.
            MemorySegment fixed = Pointers.sized(pointer, sockaddr_ll.sizeof());
            int hardwareBytes = Math.min(sockaddr_ll.sll_halen(fixed) & 0xFF, mostHardwareBytes);
            return Math.max(sockaddr_ll.sizeof(), sockaddr_ll.sll_addr$offset() + hardwareBytes);
        }
        return sockaddr.sizeof();
    }

    /** Longs, because the layouts of the address families want more than byte alignment. */
    private static MemorySegment heap(long bytes) {
        long[] words = new long[Math.toIntExact((bytes + Long.BYTES - 1) / Long.BYTES)];
        return MemorySegment.ofArray(words).asSlice(0, bytes);
    }
}
