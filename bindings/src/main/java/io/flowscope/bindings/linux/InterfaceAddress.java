package io.flowscope.bindings.linux;

import java.lang.foreign.MemorySegment;

/**
 * One address of one interface. The segments are copies on the heap, to be read with the layout of
 * their family, {@link sockaddr_in}, {@link sockaddr_in6} or {@link sockaddr_ll}; one that does not
 * exist is empty.
 *
 * @param name of the interface
 * @param flags of the interface, {@code IFF_UP} and so on
 * @param address of the family that {@link #family()} says
 * @param netmask of the same family
 * @param peer the broadcast address, or the other end of a point-to-point interface
 */
public record InterfaceAddress(
        String name, int flags, MemorySegment address, MemorySegment netmask, MemorySegment peer) {

    /** The address family, {@code AF_UNSPEC} if there is no address. */
    public int family() {
        return SocketAddresses.family(address);
    }
}
