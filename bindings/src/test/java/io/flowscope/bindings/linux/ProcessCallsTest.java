package io.flowscope.bindings.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bindings.Tools;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;

class ProcessCallsTest extends CallsTest {
    @Test
    void aThreadRunsWhereItWasPinned() throws Exception {
        inAThreadOfItsOwn(this::pinAndReadBack);
    }

    /** What a thread may do ends with it. */
    private static void inAThreadOfItsOwn(Runnable test) throws InterruptedException {
        Throwable[] failure = new Throwable[1];
        Thread thread =
                Thread.ofPlatform()
                        .uncaughtExceptionHandler((t, thrown) -> failure[0] = thrown)
                        .start(test);
        thread.join();
        if (failure[0] != null) {
            throw new AssertionError(failure[0]);
        }
    }

    private void pinAndReadBack() {
        BitSet allowed = new BitSet();
        assertEquals(0, ProcessCalls.sched_getaffinity(errno, 0, allowed));
        BitSet one = new BitSet();
        one.set(allowed.nextSetBit(0));
        assertEquals(0, ProcessCalls.sched_setaffinity(errno, 0, one));
        BitSet now = new BitSet();
        assertEquals(0, ProcessCalls.sched_getaffinity(errno, 0, now));
        assertEquals(one, now);

        assertEquals(-linux_h.EINVAL(), ProcessCalls.sched_setaffinity(errno, 0, new BitSet()));
        BitSet far = new BitSet();
        far.set(8192);
        assertThrows(
                IllegalArgumentException.class,
                () -> ProcessCalls.sched_setaffinity(errno, 0, far));
    }

    @Test
    void aLimitReadsAsItIs() {
        MemorySegment limit = rlimit.allocate(arena);
        assertEquals(0, ProcessCalls.getrlimit(errno, linux_h.RLIMIT_NOFILE(), limit));
        assertTrue(rlimit.rlim_cur(limit) > 0);
        assertEquals(0, ProcessCalls.setrlimit(errno, linux_h.RLIMIT_NOFILE(), limit));
        assertEquals(-linux_h.EINVAL(), ProcessCalls.getrlimit(errno, 4711, limit));
    }

    @Test
    void theClockIsTheOneOfTheJvm() {
        MemorySegment time = timespec.allocate(arena);
        assertEquals(0, ProcessCalls.clock_gettime(errno, linux_h.CLOCK_REALTIME(), time));
        long difference = timespec.tv_sec(time) - Instant.now().getEpochSecond();
        assertTrue(Math.abs(difference) < 10, "off by " + difference + " s");
    }

    @Test
    void aThreadsNameReadsBack() {
        MemorySegment name = arena.allocate(16);
        assertEquals(0, ProcessCalls.prctl(errno, linux_h.PR_GET_NAME(), name.address(), 0, 0, 0));
        assertFalse(name.getString(0).isEmpty());
        assertEquals(-linux_h.EINVAL(), ProcessCalls.prctl(errno, -1, 0, 0, 0, 0));
    }

    @Test
    void capabilitiesAreThoseThatProcSays() throws IOException {
        long mask = CapabilityCalls.effective(errno);
        String line =
                Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                        .filter(l -> l.startsWith("CapEff:"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16), mask);
        assertFalse(CapabilityCalls.contains(-1, linux_h.CAP_NET_RAW()));
        assertTrue(CapabilityCalls.contains(1L << 13, linux_h.CAP_NET_RAW()));
    }

    @Test
    void aThreadGivesACapabilityUpAndTakesItBack() throws Exception {
        inAThreadOfItsOwn(this::giveUpAndTakeBack);
    }

    private void giveUpAndTakeBack() {
        long before = CapabilityCalls.effective(errno);
        MemorySegment header = __user_cap_header_struct.allocate(arena);
        __user_cap_header_struct.version(header, linux_h._LINUX_CAPABILITY_VERSION_3());
        MemorySegment words = __user_cap_data_struct.allocateArray(2, arena);
        assertEquals(0, CapabilityCalls.capget(errno, header, words));
        int own = __user_cap_data_struct.effective(words);
        assertEquals((int) before, own);

        int given = 1 << linux_h.CAP_NET_RAW();
        __user_cap_data_struct.effective(words, own & ~given);
        assertEquals(0, CapabilityCalls.capset(errno, header, words));
        assertEquals(before & ~given, CapabilityCalls.effective(errno));
        __user_cap_data_struct.effective(words, own);
        assertEquals(0, CapabilityCalls.capset(errno, header, words));
        assertEquals(before, CapabilityCalls.effective(errno));

        __user_cap_header_struct.version(header, 4711);
        assertEquals(-linux_h.EINVAL(), CapabilityCalls.capset(errno, header, words));
    }

    @Test
    void aBpfMapKeepsWhatIsPutIntoIt() {
        Tools.require(
                CapabilityCalls.contains(CapabilityCalls.effective(errno), linux_h.CAP_BPF()),
                "needs CAP_BPF");
        MemorySegment attributes = arena.allocate(BpfCalls.ATTRIBUTE_BYTES, 8);
        attributes.set(linux_h.C_INT, BpfCalls.MAP_TYPE, linux_h.BPF_MAP_TYPE_ARRAY());
        attributes.set(linux_h.C_INT, BpfCalls.KEY_SIZE, 4);
        attributes.set(linux_h.C_INT, BpfCalls.VALUE_SIZE, 8);
        attributes.set(linux_h.C_INT, BpfCalls.MAX_ENTRIES, 2);
        int map = BpfCalls.bpf(errno, linux_h.BPF_MAP_CREATE(), attributes);
        // A kernel without the call, or a container that filters it, is not what this is about.
        Tools.require(map != -linux_h.ENOSYS(), "needs a kernel with bpf()");
        assertTrue(map >= 0, errno::name);

        MemorySegment key = arena.allocateFrom(linux_h.C_INT, 1);
        MemorySegment value = arena.allocateFrom(linux_h.C_LONG, 4711L);
        attributes.fill((byte) 0);
        attributes.set(linux_h.C_INT, BpfCalls.MAP_FD, map);
        attributes.set(linux_h.C_LONG, BpfCalls.KEY, key.address());
        attributes.set(linux_h.C_LONG, BpfCalls.VALUE, value.address());
        assertEquals(0, BpfCalls.bpf(errno, linux_h.BPF_MAP_UPDATE_ELEM(), attributes));
        value.fill((byte) 0);
        assertEquals(0, BpfCalls.bpf(errno, linux_h.BPF_MAP_LOOKUP_ELEM(), attributes));
        assertEquals(4711L, value.get(linux_h.C_LONG, 0));
        assertEquals(0, DescriptorCalls.close(errno, map));
    }
}
