package io.flowscope.bindings.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class SocketAddressesTest extends CallsTest {
    /** As InfiniBand has it: a hardware address that goes on behind the structure. */
    private MemorySegment longHardwareAddress() {
        long begin = sockaddr_ll.sll_addr$offset();
        MemorySegment address = arena.allocate(begin + 20, 8);
        sockaddr_ll.sll_family(address, (short) linux_h.AF_PACKET());
        sockaddr_ll.sll_halen(address, (byte) 20);
        for (int i = 0; i < 20; i++) {
            address.set(ValueLayout.JAVA_BYTE, begin + i, (byte) (i + 1));
        }
        return address;
    }

    @Test
    void aHardwareAddressIsCopiedInItsWholeLength() {
        MemorySegment original = longHardwareAddress();
        MemorySegment copy = SocketAddresses.copyOf(original);
        assertEquals(-1, copy.mismatch(original));
        assertEquals(linux_h.AF_PACKET(), SocketAddresses.family(copy));
    }

    @Test
    void aHardwareAddressEndsWhereItsOwnerSays() {
        MemorySegment original = longHardwareAddress();
        MemorySegment copy = SocketAddresses.copyOf(original, 8);
        assertEquals(-1, copy.mismatch(original.asSlice(0, sockaddr_ll.sizeof())));
    }

    @Test
    void everyFamilyIsCopiedInTheSizeOfItsLayout() {
        MemorySegment address = sockaddr_storage.allocate(arena);
        long[][] sizes = {
            {linux_h.AF_INET(), sockaddr_in.sizeof()},
            {linux_h.AF_INET6(), sockaddr_in6.sizeof()},
            {linux_h.AF_PACKET(), sockaddr_ll.sizeof()},
            {linux_h.AF_NETLINK(), sockaddr.sizeof()},
        };
        for (long[] familyAndSize : sizes) {
            sockaddr.sa_family(address, (short) familyAndSize[0]);
            assertEquals(familyAndSize[1], SocketAddresses.copyOf(address).byteSize());
            assertEquals(familyAndSize[1], SocketAddresses.copyOf(address, 8).byteSize());
        }
        assertEquals(0, SocketAddresses.copyOf(MemorySegment.NULL).byteSize());
    }
}
