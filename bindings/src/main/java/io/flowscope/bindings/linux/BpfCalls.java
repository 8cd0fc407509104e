package io.flowscope.bindings.linux;

import io.flowscope.bindings.Platform;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Extended BPF: the system call, and where its attributes are. The union grows with every kernel; a
 * kernel takes a shorter one, and a longer one if the rest is zero. So only the members in use here
 * are written down.
 */
public final class BpfCalls {
    /** What to allocate for the attributes of any command here, zeroed. */
    public static final long ATTRIBUTE_BYTES = 72;

    // MAP_CREATE

    /** Offset of {@code map_type}. */
    public static final long MAP_TYPE = 0;

    /** Offset of {@code key_size}. */
    public static final long KEY_SIZE = 4;

    /** Offset of {@code value_size}. */
    public static final long VALUE_SIZE = 8;

    /** Offset of {@code max_entries}. */
    public static final long MAX_ENTRIES = 12;

    /** Offset of {@code map_flags}. */
    public static final long MAP_FLAGS = 16;

    // MAP_LOOKUP_ELEM, MAP_UPDATE_ELEM, MAP_DELETE_ELEM

    /** Offset of {@code map_fd}. */
    public static final long MAP_FD = 0;

    /** Offset of {@code key}. */
    public static final long KEY = 8;

    /** Offset of {@code value}. */
    public static final long VALUE = 16;

    /** Offset of {@code flags}. */
    public static final long FLAGS = 24;

    // PROG_LOAD

    /** Offset of {@code prog_type}. */
    public static final long PROG_TYPE = 0;

    /** Offset of {@code insn_cnt}. */
    public static final long INSN_CNT = 4;

    /** Offset of {@code insns}. */
    public static final long INSNS = 8;

    /** Offset of {@code license}. */
    public static final long LICENSE = 16;

    /** Offset of {@code log_level}. */
    public static final long LOG_LEVEL = 24;

    /** Offset of {@code log_size}. */
    public static final long LOG_SIZE = 28;

    /** Offset of {@code log_buf}. */
    public static final long LOG_BUF = 32;

    /** Offset of {@code prog_flags}. */
    public static final long PROG_FLAGS = 44;

    /** Offset of {@code prog_name}. */
    public static final long PROG_NAME = 48;

    /** Offset of {@code expected_attach_type}. */
    public static final long EXPECTED_ATTACH_TYPE = 68;

    // LINK_CREATE

    /** Offset of {@code link_create.prog_fd}. */
    public static final long LINK_CREATE_PROG_FD = 0;

    /** Offset of {@code link_create.target_ifindex}. */
    public static final long LINK_CREATE_TARGET_IFINDEX = 4;

    /** Offset of {@code link_create.attach_type}. */
    public static final long LINK_CREATE_ATTACH_TYPE = 8;

    /** Offset of {@code link_create.flags}. */
    public static final long LINK_CREATE_FLAGS = 12;

    private BpfCalls() {}

    /**
     * Calls bpf(2) with a zeroed {@code union bpf_attr} of {@link #ATTRIBUTE_BYTES}, filled in at
     * the offsets of the command.
     */
    public static int bpf(ErrnoCapture errno, int command, MemorySegment attributes) {
        try {
            return (int)
                    errno.resultOf(
                            (long)
                                    Bpf.HANDLE.invokeExact(
                                            errno.segment(),
                                            Bpf.NUMBER,
                                            (long) command,
                                            attributes,
                                            attributes.byteSize()));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** One instruction of an extended BPF program, as it is in memory. */
    public static long instruction(
            int code, int destination, int source, int offset, int immediate) {
        return (code & 0xFFL)
                | (destination & 0xFL) << 8
                | (source & 0xFL) << 12
                | (offset & 0xFFFFL) << 16
                | ((long) immediate << 32);
    }

    /** The system call's number: the C library has no function for it. */
    static long number() {
        return Bpf.NUMBER;
    }

    private static final class Bpf {
        static final long NUMBER = Platform.isAarch64() ? 280 : 321;

        static final MethodHandle HANDLE =
                Downcalls.variadic(
                        linux_h.syscall.address(),
                        1,
                        FunctionDescriptor.of(
                                linux_h.C_LONG,
                                linux_h.C_LONG,
                                linux_h.C_LONG,
                                linux_h.C_POINTER,
                                linux_h.C_LONG));
    }
}
