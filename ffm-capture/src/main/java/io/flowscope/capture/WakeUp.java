package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.EFD_CLOEXEC;
import static io.flowscope.bindings.linux.linux_h.EFD_NONBLOCK;

import io.flowscope.bindings.linux.DescriptorCalls;
import io.flowscope.bindings.linux.ErrnoCapture;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An eventfd that ends another thread's poll. The owner must not use it after {@link #close}. */
final class WakeUp {
    private final int descriptor;

    WakeUp(ErrnoCapture errno) {
        descriptor = DescriptorCalls.eventfd(errno, 0, EFD_CLOEXEC() | EFD_NONBLOCK());
        if (descriptor < 0) {
            throw SystemErrors.failure("eventfd", "stopping a reader", descriptor);
        }
    }

    int descriptor() {
        return descriptor;
    }

    /** Any thread. */
    void signal() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
            DescriptorCalls.write(ErrnoCapture.allocate(arena), descriptor, one, Long.BYTES);
        }
    }

    /** Forgets signals, so that the next poll sleeps. */
    void clear(ErrnoCapture errno) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
            DescriptorCalls.read(errno, descriptor, count, Long.BYTES);
        }
    }

    void close(ErrnoCapture errno) {
        DescriptorCalls.close(errno, descriptor);
    }
}
