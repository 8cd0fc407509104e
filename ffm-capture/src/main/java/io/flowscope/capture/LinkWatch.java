package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.AF_NETLINK;
import static io.flowscope.bindings.linux.linux_h.MSG_DONTWAIT;
import static io.flowscope.bindings.linux.linux_h.NETLINK_ROUTE;
import static io.flowscope.bindings.linux.linux_h.RTMGRP_LINK;
import static io.flowscope.bindings.linux.linux_h.SOCK_CLOEXEC;
import static io.flowscope.bindings.linux.linux_h.SOCK_RAW;

import io.flowscope.bindings.linux.DescriptorCalls;
import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.MessageCalls;
import io.flowscope.bindings.linux.SocketCalls;
import io.flowscope.bindings.linux.linux_h;
import io.flowscope.bindings.linux.sockaddr_nl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Wakes a poll when an interface changes. What changed is asked for afterwards: messages may have
 * been lost, and the state of this moment is what counts.
 */
final class LinkWatch {
    private static final int BUFFER_BYTES = 16 * 1024;

    /** Negative where there is no netlink, as in some sandboxes; poll skips such a descriptor. */
    private final int descriptor;

    LinkWatch(ErrnoCapture errno) {
        int opened =
                SocketCalls.socket(
                        errno, AF_NETLINK(), SOCK_RAW() | SOCK_CLOEXEC(), NETLINK_ROUTE());
        if (opened >= 0 && subscribe(errno, opened) < 0) {
            DescriptorCalls.close(errno, opened);
            opened = -1;
        }
        descriptor = Math.max(opened, -1);
    }

    private static int subscribe(ErrnoCapture errno, int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = sockaddr_nl.allocate(arena);
            sockaddr_nl.nl_family(address, (short) AF_NETLINK());
            sockaddr_nl.nl_groups(address, RTMGRP_LINK());
            return SocketCalls.bind(errno, socket, address, (int) sockaddr_nl.sizeof());
        }
    }

    int descriptor() {
        return descriptor;
    }

    /** Forgets what was told, so that the next poll sleeps. */
    void clear(ErrnoCapture errno) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES);
            long received;
            do {
                received =
                        MessageCalls.recv(errno, descriptor, buffer, BUFFER_BYTES, MSG_DONTWAIT());
            } while (received > 0 || received == -linux_h.ENOBUFS());
        }
    }

    void close(ErrnoCapture errno) {
        if (descriptor >= 0) {
            DescriptorCalls.close(errno, descriptor);
        }
    }
}
