package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.AF_INET;
import static io.flowscope.bindings.linux.linux_h.IFF_LOOPBACK;
import static io.flowscope.bindings.linux.linux_h.IFF_UP;
import static io.flowscope.bindings.linux.linux_h.SIOCGIFFLAGS;
import static io.flowscope.bindings.linux.linux_h.SIOCGIFHWADDR;
import static io.flowscope.bindings.linux.linux_h.SIOCGIFMTU;
import static io.flowscope.bindings.linux.linux_h.SOCK_CLOEXEC;
import static io.flowscope.bindings.linux.linux_h.SOCK_DGRAM;

import io.flowscope.bindings.linux.DescriptorCalls;
import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.InterfaceCalls;
import io.flowscope.bindings.linux.SocketCalls;
import io.flowscope.bindings.linux.ifreq;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the kernel says of an interface at one moment.
 *
 * @param hardwareType the {@code ARPHRD_} number
 */
record NetworkInterfaceState(String name, int index, int flags, int mtuBytes, int hardwareType) {
    private static final int UNKNOWN = -1;

    boolean isUp() {
        return (flags & IFF_UP()) != 0;
    }

    boolean isLoopback() {
        return (flags & IFF_LOOPBACK()) != 0;
    }

    /** The LINKTYPE_ number of its frames as a packet socket shows them; -1 if they have none. */
    int linkType() {
        return switch (hardwareType) {
            case 1, 772 -> 1;
            case 519, 768, 769, 776, 65534 -> 101;
            case 801 -> 105;
            case 803 -> 127;
            default -> UNKNOWN;
        };
    }

    /**
     * Asks the kernel.
     *
     * @throws CaptureException if there is no such interface
     */
    static NetworkInterfaceState of(ErrnoCapture errno, String name) {
        int index = InterfaceCalls.if_nametoindex(errno, name);
        if (index < 0) {
            throw SystemErrors.failure("if_nametoindex", "interface '" + name + "'", index);
        }
        int socket = SocketCalls.socket(errno, AF_INET(), SOCK_DGRAM() | SOCK_CLOEXEC(), 0);
        if (socket < 0) {
            throw SystemErrors.failure("socket(AF_INET)", name, socket);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = ifreq.allocate(arena);
            request.setString(0, name);
            int flags = ask(errno, socket, SIOCGIFFLAGS(), request, "SIOCGIFFLAGS", name);
            int mtu = ask(errno, socket, SIOCGIFMTU(), request, "SIOCGIFMTU", name);
            int type = ask(errno, socket, SIOCGIFHWADDR(), request, "SIOCGIFHWADDR", name);
            return new NetworkInterfaceState(name, index, flags & 0xffff, mtu, type & 0xffff);
        } finally {
            DescriptorCalls.close(errno, socket);
        }
    }

    /** The answer's first int, at the place of the union behind the name. */
    private static int ask(
            ErrnoCapture errno,
            int socket,
            int code,
            MemorySegment request,
            String call,
            String name) {
        int result = DescriptorCalls.ioctl(errno, socket, code, request);
        if (result < 0) {
            throw SystemErrors.failure("ioctl(" + call + ")", name, result);
        }
        return request.get(ValueLayout.JAVA_INT, 16);
    }
}
