package io.flowscope.bindings;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory lent for a shorter time than it lives. Reading what was lent after the borrower's arena
 * closed throws IllegalStateException, from a thread that the arena is not for
 * WrongThreadException; the memory itself stays as it was.
 */
public final class MemoryLoan {
    private MemoryLoan() {}

    /**
     * The same memory, reachable until the arena closes. The lender must keep the memory at least
     * as long: the loan does not hold it.
     */
    public static MemorySegment lend(MemorySegment memory, Arena arena) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("only native memory can be lent");
        }
        return memory.reinterpret(arena, null);
    }
}
