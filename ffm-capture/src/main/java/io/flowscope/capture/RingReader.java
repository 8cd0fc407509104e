package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.POLLERR;
import static io.flowscope.bindings.linux.linux_h.POLLIN;
import static io.flowscope.bindings.linux.linux_h.poll;

import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.pollfd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread's reading of a ring. What it gives to calls that block is in an arena of its own,
 * which only this thread closes: a shared arena could not be closed while such a call holds it.
 */
final class RingReader {
    /** So many sleeps may end at once without a packet, then the next is enforced. */
    private static final int MAX_EMPTY_WAKE_UPS = 64;

    private static final long ENFORCED_SLEEP_NANOS = 1_000_000;

    private static final int RING = 0;
    private static final int WAKE_UP = 1;
    private static final int WATCH = 2;
    private static final int DESCRIPTORS = 3;

    private final RingCapture capture;
    private final ErrnoCapture errno;
    private final MemorySegment polled;
    private final RingLink link;
    private final long busyPollNanos;
    private int emptyWakeUps;

    RingReader(RingCapture capture, ErrnoCapture errno, Arena arena) {
        this.capture = capture;
        this.errno = errno;
        this.link = new RingLink(capture);
        this.busyPollNanos = capture.options().busyPollMicros() * 1000L;
        this.polled = pollfd.allocateArray(DESCRIPTORS, arena);
        watch(WAKE_UP, capture.wakeUp().descriptor());
        watch(WATCH, capture.watch().descriptor());
    }

    // By offset rather than with the generated accessors: they would need a slice per element.

    private void watch(int slot, int descriptor) {
        long at = slot * pollfd.sizeof();
        polled.set(ValueLayout.JAVA_INT, at + pollfd.fd$offset(), descriptor);
        polled.set(ValueLayout.JAVA_SHORT, at + pollfd.events$offset(), (short) POLLIN());
    }

    private int found(int slot) {
        return polled.get(ValueLayout.JAVA_SHORT, slot * pollfd.sizeof() + pollfd.revents$offset());
    }

    /** Reads until it is to stop; returns how many packets were handed over. */
    long read(BatchHandler handler) {
        long sum = 0;
        link.check(errno);
        while (!capture.isStopping()) {
            Ring ring = capture.ring();
            sum += drain(ring, handler);
            if (!capture.isStopping() && !spin(ring.blocks())) {
                sleep(ring);
            }
        }
        capture.wakeUp().clear(errno);
        return sum;
    }

    /** Hands over what is there. */
    private long drain(Ring ring, BatchHandler handler) {
        RingBlocks blocks = ring.blocks();
        MemorySegment memory = ring.memory();
        MemorySegment descriptors = ring.descriptors();
        long sum = 0;
        while (blocks.isReady() && !capture.isStopping()) {
            int count = blocks.fill();
            try {
                if (count > 0) {
                    sum += count;
                    capture.count(count);
                    Batches.deliver(handler, memory, descriptors, count);
                }
            } finally {
                if (blocks.handBack()) {
                    capture.countBlocks(blocks);
                }
            }
        }
        return sum;
    }

    /** Looks for packets without sleeping, as long as the options say. */
    private boolean spin(RingBlocks blocks) {
        if (busyPollNanos == 0) {
            return false;
        }
        long begin = System.nanoTime();
        do {
            for (int i = 0; i < 64; i++) {
                if (blocks.isReady()) {
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - begin < busyPollNanos && !capture.isStopping());
        return false;
    }

    private void sleep(Ring ring) {
        watch(RING, ring.socket().descriptor());
        capture.countPoll();
        // Nobody asks for its errno: until it is compiled, taking that along allocates.
        int ready = poll(polled, DESCRIPTORS, link.sleepMillis());
        if (ready < 0) {
            // Interrupted by a signal, or out of memory for a moment: looking again is right.
            avoidSpinning();
            return;
        }
        if (ready > 0 && (found(WAKE_UP) & POLLIN()) != 0) {
            capture.wakeUp().clear(errno);
            return;
        }
        boolean changed = ready > 0 && (found(WATCH) & (POLLIN() | POLLERR())) != 0;
        if (changed) {
            capture.watch().clear(errno);
        }
        if (ready == 0 || changed || (found(RING) & ~POLLIN()) != 0) {
            link.check(errno);
        }
        if (ready > 0 && !capture.ring().blocks().isReady()) {
            avoidSpinning();
        } else {
            emptyWakeUps = 0;
        }
    }

    private void avoidSpinning() {
        if (++emptyWakeUps > MAX_EMPTY_WAKE_UPS) {
            LockSupport.parkNanos(ENFORCED_SLEEP_NANOS);
        }
    }
}
