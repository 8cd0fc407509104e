package io.flowscope.bindings.linux;

import io.flowscope.bindings.memory.Pointers;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** Names, numbers and addresses of interfaces. */
public final class InterfaceCalls {
    private InterfaceCalls() {}

    /** The number of the interface with a name. Allocates. */
    public static int if_nametoindex(ErrnoCapture errno, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            int index = (int) IfNametoindex.HANDLE.invokeExact(errno.segment(), text);
            return index == 0 ? -errno.errno() : index;
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** The name of the interface with a number, or null: the errno says why. Allocates. */
    public static @Nullable String if_indextoname(ErrnoCapture errno, int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(linux_h.IF_NAMESIZE());
            MemorySegment given =
                    (MemorySegment) IfIndextoname.HANDLE.invokeExact(errno.segment(), index, name);
            return Pointers.isNull(given) ? null : name.getString(0);
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Adds all addresses of all interfaces to a list, copied: how many. Allocates. */
    public static int getifaddrs(ErrnoCapture errno, List<InterfaceAddress> found) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment head = arena.allocate(linux_h.C_POINTER);
            int result = errno.resultOf((int) Getifaddrs.HANDLE.invokeExact(errno.segment(), head));
            if (result < 0) {
                return result;
            }
            MemorySegment first = head.get(linux_h.C_POINTER, 0);
            try {
                return copyAll(first, found);
            } finally {
                linux_h.freeifaddrs(first);
            }
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    private static int copyAll(MemorySegment first, List<InterfaceAddress> found) {
        int count = 0;
        MemorySegment next = first;
        while (!Pointers.isNull(next)) {
            MemorySegment entry = Pointers.sized(next, ifaddrs.sizeof());
            found.add(
                    new InterfaceAddress(
                            Pointers.requiredText(ifaddrs.ifa_name(entry)),
                            ifaddrs.ifa_flags(entry),
                            SocketAddresses.copyOf(ifaddrs.ifa_addr(entry)),
                            SocketAddresses.copyOf(ifaddrs.ifa_netmask(entry)),
                            SocketAddresses.copyOf(
                                    ifaddrs.ifa_ifu(entry).get(linux_h.C_POINTER, 0))));
            count++;
            next = ifaddrs.ifa_next(entry);
        }
        return count;
    }

    private static final class IfNametoindex {
        static final MethodHandle HANDLE =
                Downcalls.capturing(
                        linux_h.if_nametoindex$address(), linux_h.if_nametoindex$descriptor());
    }

    private static final class IfIndextoname {
        static final MethodHandle HANDLE =
                Downcalls.capturing(
                        linux_h.if_indextoname$address(), linux_h.if_indextoname$descriptor());
    }

    private static final class Getifaddrs {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.getifaddrs$address(), linux_h.getifaddrs$descriptor());
    }
}
