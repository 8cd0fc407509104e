package io.flowscope.bindings.pcap;

import io.flowscope.bindings.memory.Pointers;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.UndeclaredThrowableException;

/**
 * Packets of a handle handed to Java one by one from within {@code pcap_dispatch} or {@code
 * pcap_loop}. For the thread that reads the handle, and not from within its own handler; {@code
 * pcap_h.pcap_breakloop} may be called from any other.
 *
 * <p>What the handler throws ends the call and is thrown by it; the packet counts as read, and the
 * handle gives the next one to whoever reads on.
 */
public final class PcapLoop {
    /** Receives packets; both segments are gone when it returns. */
    @FunctionalInterface
    public interface Handler {
        /** One packet: its {@code pcap_pkthdr} and the captured bytes. */
        void packet(MemorySegment header, MemorySegment bytes);
    }

    private final Handler handler;
    private final MemorySegment stub;

    /** The handle of the call under way, for ending it early. */
    private MemorySegment handle = MemorySegment.NULL;

    private @Nullable Throwable failure;

    /** With a function for libpcap to call that lives as long as the arena. */
    public PcapLoop(Arena arena, Handler handler) {
        this.handler = handler;
        this.stub = pcap_handler.allocate((user, header, bytes) -> receive(header, bytes), arena);
    }

    /** Hands over what one read brings, at most {@code count} packets: how many, or a status. */
    public int dispatch(MemorySegment source, int count) {
        begin(source);
        try {
            return end(pcap_h.pcap_dispatch(source, count, stub, MemorySegment.NULL));
        } finally {
            handle = MemorySegment.NULL;
        }
    }

    /** Hands over {@code count} packets, all until the end if negative: 0, or a status. */
    public int loop(MemorySegment source, int count) {
        begin(source);
        try {
            return end(pcap_h.pcap_loop(source, count, stub, MemorySegment.NULL));
        } finally {
            handle = MemorySegment.NULL;
        }
    }

    private void begin(MemorySegment source) {
        if (!Pointers.isNull(handle)) {
            throw new IllegalStateException(
                    "the handler cannot call the loop that it is called by");
        }
        handle = source;
        failure = null;
    }

    /** What the handler threw is thrown here, on the Java side of the call. */
    private int end(int status) {
        Throwable thrown = failure;
        if (thrown == null) {
            return status;
        }
        if (status != pcap_h.PCAP_ERROR_BREAK()) {
            // The break came too late for the call under way: a call of its own uses it up.
            pcap_h.pcap_dispatch(handle, 1, stub, MemorySegment.NULL);
        }
        if (thrown instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        throw new UndeclaredThrowableException(thrown);
    }

    private void receive(MemorySegment header, MemorySegment bytes) {
        if (failure != null) {
            return;
        }
        try {
            MemorySegment fields = Pointers.sized(header, pcap_pkthdr.sizeof());
            int captured = pcap_pkthdr.caplen(fields);
            handler.packet(fields, Pointers.sized(bytes, captured));
        } catch (Throwable thrown) {
            // Let through, it would end the JVM: there is native code between here and dispatch.
            failure = thrown;
            breakLoop();
        }
    }

    private void breakLoop() {
        try {
            pcap_h.pcap_breakloop(handle);
        } catch (Throwable noStackLeft) {
            // The call goes on, and the rest of its packets is not handed over.
        }
    }
}
