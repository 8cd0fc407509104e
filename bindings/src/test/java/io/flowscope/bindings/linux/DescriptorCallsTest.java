package io.flowscope.bindings.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import io.flowscope.bindings.Tools;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class DescriptorCallsTest extends CallsTest {
    private static final int CALLS_PER_ROUND = 10_000;

    private MemorySegment waitFor(int descriptor) {
        MemorySegment waiting = pollfd.allocate(arena);
        pollfd.fd(waiting, descriptor);
        pollfd.events(waiting, (short) linux_h.POLLIN());
        return waiting;
    }

    @Test
    void aPollWakesWhenTheEventCounterIsSet() throws Exception {
        int event = DescriptorCalls.eventfd(errno, 0, linux_h.EFD_CLOEXEC());
        MemorySegment waiting = waitFor(event);
        assertEquals(0, DescriptorCalls.poll(errno, waiting, 1, 0));

        ErrnoCapture errnoOfTheOther = ErrnoCapture.allocate(arena);
        CompletableFuture<Integer> other =
                CompletableFuture.supplyAsync(
                        () -> DescriptorCalls.poll(errnoOfTheOther, waiting, 1, -1));
        MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
        assertEquals(8, DescriptorCalls.write(errno, event, one, 8));
        assertEquals(1, other.get(5, TimeUnit.SECONDS));
        assertEquals(linux_h.POLLIN(), pollfd.revents(waiting));

        MemorySegment counter = arena.allocate(8);
        assertEquals(8, DescriptorCalls.read(errno, event, counter, 8));
        assertEquals(1, counter.get(ValueLayout.JAVA_LONG, 0));
        assertEquals(0, DescriptorCalls.close(errno, event));
    }

    @Test
    void aPipeHandsOnWhatIsWrittenAndSaysHowMuchThereIs() {
        MemorySegment ends = arena.allocate(8, 4);
        assertEquals(0, DescriptorCalls.pipe2(errno, ends, linux_h.O_NONBLOCK()));
        int reading = ends.getAtIndex(ValueLayout.JAVA_INT, 0);
        int writing = ends.getAtIndex(ValueLayout.JAVA_INT, 1);
        MemorySegment buffer = arena.allocate(16);
        assertEquals(-linux_h.EAGAIN(), DescriptorCalls.read(errno, reading, buffer, 16));

        assertEquals(5, DescriptorCalls.write(errno, writing, arena.allocateFrom("hello"), 5));
        MemorySegment waitingBytes = arena.allocate(4, 4);
        assertEquals(0, DescriptorCalls.ioctl(errno, reading, linux_h.FIONREAD(), waitingBytes));
        assertEquals(5, waitingBytes.get(ValueLayout.JAVA_INT, 0));
        assertEquals(5, DescriptorCalls.read(errno, reading, buffer, 16));
        assertEquals("hello", buffer.getString(0));

        int flags = DescriptorCalls.fcntl(errno, reading, linux_h.F_GETFL(), 0);
        assertEquals(linux_h.O_NONBLOCK(), flags & linux_h.O_NONBLOCK());
        assertEquals(
                0,
                DescriptorCalls.fcntl(
                        errno, reading, linux_h.F_SETFL(), flags & ~linux_h.O_NONBLOCK()));
        assertEquals(0, DescriptorCalls.close(errno, writing));
        assertEquals(0, DescriptorCalls.read(errno, reading, buffer, 16));
        assertEquals(0, DescriptorCalls.close(errno, reading));
    }

    @Test
    void memoryThatIsClosedOrOfTheHeapNeverReachesTheKernel() {
        MemorySegment heap = MemorySegment.ofArray(new byte[8]);
        assertThrows(IllegalArgumentException.class, () -> DescriptorCalls.read(errno, 0, heap, 8));
        MemorySegment gone;
        try (var shortLived = java.lang.foreign.Arena.ofConfined()) {
            gone = shortLived.allocate(8);
        }
        assertThrows(IllegalStateException.class, () -> DescriptorCalls.read(errno, 0, gone, 8));
    }

    @Test
    void onceCompiledCallsAllocateNothing() throws Exception {
        // A JVM of its own, which compiles nothing but these calls. What it decides once about
        // inlining stays, and depends on the moment: a second one may decide better.
        Tools.Outcome outcome = Tools.runJava(DescriptorCallsTest.class);
        if (outcome.exitCode() != 0) {
            outcome = Tools.runJava(DescriptorCallsTest.class);
        }
        assertEquals(0, outcome.exitCode(), outcome.output());
    }

    /** Runs in the other JVM. */
    public static void main(String[] arguments) {
        DescriptorCallsTest test = new DescriptorCallsTest();
        test.open();
        test.callUntilNothingIsAllocated();
        test.close();
    }

    private void callUntilNothingIsAllocated() {
        int event = DescriptorCalls.eventfd(errno, 1, linux_h.EFD_NONBLOCK());
        MemorySegment waiting = waitFor(event);
        MemorySegment number = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        // The JIT compiler takes its time on a busy machine. Less than a byte per call is none.
        for (int round = 0; round < 200 && allocated > CALLS_PER_ROUND; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS_PER_ROUND; i++) {
                callAFew(event, waiting, number);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(allocated <= CALLS_PER_ROUND, allocated + " bytes in every round");
        assertEquals(0, DescriptorCalls.close(errno, event));
    }

    private void callAFew(int event, MemorySegment waiting, MemorySegment number) {
        int ready = DescriptorCalls.poll(errno, waiting, 1, 0);
        long written = DescriptorCalls.write(errno, event, number, 8);
        long failed = DescriptorCalls.read(errno, -1, number, 8);
        if (ready != 1 || written != 8 || failed != -linux_h.EBADF()) {
            throw new AssertionError(ready + " " + written + " " + failed);
        }
    }
}
