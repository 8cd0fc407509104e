package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.AF_INET;
import static io.flowscope.bindings.linux.linux_h.AF_INET6;
import static io.flowscope.bindings.linux.linux_h.AF_PACKET;
import static io.flowscope.bindings.linux.linux_h.IFF_LOOPBACK;
import static io.flowscope.bindings.linux.linux_h.IFF_RUNNING;
import static io.flowscope.bindings.linux.linux_h.IFF_UP;

import io.flowscope.bindings.Platform;
import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.InterfaceAddress;
import io.flowscope.bindings.linux.InterfaceCalls;
import io.flowscope.bindings.linux.sockaddr_ll;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The network interfaces of this machine, or of the container it looks like from inside. */
public final class Interfaces {
    private static final int ADDRESS4_OFFSET = 4;
    private static final int ADDRESS6_OFFSET = 8;

    private Interfaces() {}

    /**
     * All interfaces, in the kernel's order. Needs no rights.
     *
     * @throws CaptureException if the kernel cannot be asked
     */
    public static List<LiveInterface> list() {
        String unsupported = Platform.unsupportedCause();
        if (unsupported != null) {
            throw new CaptureException(unsupported);
        }
        try (Arena arena = Arena.ofConfined()) {
            ErrnoCapture errno = ErrnoCapture.allocate(arena);
            List<InterfaceAddress> addresses = new ArrayList<>();
            int result = InterfaceCalls.getifaddrs(errno, addresses);
            if (result < 0) {
                throw SystemErrors.failure("getifaddrs", "all interfaces", result);
            }
            Map<String, List<InterfaceAddress>> byName = new LinkedHashMap<>();
            for (InterfaceAddress address : addresses) {
                byName.computeIfAbsent(address.name(), name -> new ArrayList<>()).add(address);
            }
            List<LiveInterface> found = new ArrayList<>();
            byName.forEach(
                    (name, of) -> {
                        try {
                            found.add(describe(NetworkInterfaceState.of(errno, name), of));
                        } catch (CaptureException vanishedOrAlias) {
                            // An alias such as eth0:1 is no interface of its own.
                            return;
                        }
                    });
            return found;
        }
    }

    private static LiveInterface describe(
            NetworkInterfaceState state, List<InterfaceAddress> entries) {
        String hardware = "";
        List<String> addresses = new ArrayList<>();
        for (InterfaceAddress entry : entries) {
            int family = entry.family();
            if (family == AF_PACKET()) {
                hardware = hardwareAddress(entry.address());
            } else if (family == AF_INET()) {
                addresses.add(withPrefix(entry, ADDRESS4_OFFSET, 4));
            } else if (family == AF_INET6()) {
                addresses.add(withPrefix(entry, ADDRESS6_OFFSET, 16));
            }
        }
        int flags = state.flags();
        return new LiveInterface(
                state.name(),
                state.index(),
                (flags & IFF_UP()) != 0,
                (flags & IFF_RUNNING()) != 0,
                (flags & IFF_LOOPBACK()) != 0,
                operationalState(state.name()),
                state.mtuBytes(),
                state.linkType(),
                hardware,
                addresses);
    }

    private static String hardwareAddress(MemorySegment address) {
        int length = sockaddr_ll.sll_halen(address) & 0xff;
        byte[] bytes = bytes(address, sockaddr_ll.sll_addr$offset(), length);
        boolean none = true;
        for (byte one : bytes) {
            none &= one == 0;
        }
        return none ? "" : HexFormat.ofDelimiter(":").formatHex(bytes);
    }

    private static String withPrefix(InterfaceAddress entry, int offset, int length) {
        try {
            String address =
                    InetAddress.getByAddress(bytes(entry.address(), offset, length))
                            .getHostAddress();
            int prefix = 0;
            if (entry.netmask().byteSize() >= offset + length) {
                for (byte one : bytes(entry.netmask(), offset, length)) {
                    prefix += Integer.bitCount(one & 0xff);
                }
            }
            return address + "/" + prefix;
        } catch (IOException neverForTheseLengths) {
            throw new IllegalStateException(neverForTheseLengths);
        }
    }

    private static byte[] bytes(MemorySegment from, long offset, int length) {
        return from.asSlice(offset, Math.min(length, from.byteSize() - offset))
                .toArray(ValueLayout.JAVA_BYTE);
    }

    private static String operationalState(String name) {
        try {
            return Files.readString(Path.of("/sys/class/net", name, "operstate")).strip();
        } catch (IOException | IllegalArgumentException notMounted) {
            return "unknown";
        }
    }
}
