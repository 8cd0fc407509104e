package io.flowscope.bindings.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Classic BPF instructions, each in a long as {@code struct sock_filter} has it in memory:
 *
 * <pre>
 *   0        16   24   32                 64
 *   | code   | jt | jf | k                |
 * </pre>
 */
public final class ClassicBpf {
    private ClassicBpf() {}

    /** An instruction that does not branch: {@code BPF_STMT}. */
    public static long statement(int code, int k) {
        return jump(code, k, 0, 0);
    }

    /** An instruction that skips {@code jt} or {@code jf} others: {@code BPF_JUMP}. */
    public static long jump(int code, int k, int jt, int jf) {
        return (code & 0xFFFFL) | (jt & 0xFFL) << 16 | (jf & 0xFFL) << 24 | ((long) k << 32);
    }

    /** A {@code sock_fprog} with its instructions, ready for {@code SO_ATTACH_FILTER}. */
    public static MemorySegment program(Arena arena, long... instructions) {
        if (instructions.length == 0 || instructions.length > linux_h.BPF_MAXINSNS()) {
            throw new IllegalArgumentException(
                    "instructions: 1 to %d, were %d"
                            .formatted(linux_h.BPF_MAXINSNS(), instructions.length));
        }
        MemorySegment program = sock_fprog.allocate(arena);
        sock_fprog.len(program, (short) instructions.length);
        sock_fprog.filter(program, arena.allocateFrom(ValueLayout.JAVA_LONG, instructions));
        return program;
    }
}
