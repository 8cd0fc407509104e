package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.PACKET_TIMESTAMP;
import static io.flowscope.bindings.linux.linux_h.SIOCGHWTSTAMP;
import static io.flowscope.bindings.linux.linux_h.SIOCSHWTSTAMP;
import static io.flowscope.bindings.linux.linux_h.SOF_TIMESTAMPING_RAW_HARDWARE;
import static io.flowscope.bindings.linux.linux_h.SOL_PACKET;

import io.flowscope.bindings.linux.DescriptorCalls;
import io.flowscope.bindings.linux.Errno;
import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.hwtstamp_config;
import io.flowscope.bindings.linux.ifreq;
import io.flowscope.bindings.linux.linux_h;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The network adapter's own clock for the timestamps of packets. */
final class HardwareClock {
    private HardwareClock() {}

    /**
     * Switches the adapter's timestamps on, where they are not on already, and asks for them.
     *
     * @return null, or why software timestamps are used instead
     */
    static @Nullable String request(ErrnoCapture errno, PacketSocket socket, String interfaceName) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment wish = hwtstamp_config.allocate(arena);
            hwtstamp_config.rx_filter(wish, linux_h.HWTSTAMP_FILTER_ALL());
            int result = ask(errno, arena, socket, SIOCSHWTSTAMP(), interfaceName, wish);
            if (result < 0) {
                MemorySegment present = hwtstamp_config.allocate(arena);
                int known = ask(errno, arena, socket, SIOCGHWTSTAMP(), interfaceName, present);
                if (known < 0
                        || hwtstamp_config.rx_filter(present) != linux_h.HWTSTAMP_FILTER_ALL()) {
                    return refusal(interfaceName, "SIOCSHWTSTAMP", result);
                }
            }
        }
        int result =
                socket.trySet(
                        errno, SOL_PACKET(), PACKET_TIMESTAMP(), SOF_TIMESTAMPING_RAW_HARDWARE());
        return result < 0 ? refusal(interfaceName, "PACKET_TIMESTAMP", result) : null;
    }

    private static int ask(
            ErrnoCapture errno,
            Arena arena,
            PacketSocket socket,
            int code,
            String interfaceName,
            MemorySegment config) {
        MemorySegment request = ifreq.allocate(arena);
        request.setString(0, interfaceName);
        request.set(ValueLayout.ADDRESS, 16, config);
        return DescriptorCalls.ioctl(errno, socket.descriptor(), code, request);
    }

    private static String refusal(String interfaceName, String call, int result) {
        String hint =
                result == -linux_h.EPERM()
                        ? "; CAP_NET_ADMIN is needed to switch them on"
                        : "; the driver has none for all packets";
        return "hardware timestamps of %s refused (%s: %s%s), software timestamps are used"
                .formatted(interfaceName, call, Errno.name(-result), hint);
    }
}
