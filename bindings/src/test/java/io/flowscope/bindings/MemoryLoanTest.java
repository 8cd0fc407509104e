package io.flowscope.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

class MemoryLoanTest {
    @Test
    void whatWasLentIsOutOfReachAfterwardsAndTheMemoryStays() {
        try (Arena owner = Arena.ofShared()) {
            MemorySegment memory = owner.allocate(16);
            memory.set(ValueLayout.JAVA_BYTE, 3, (byte) 7);
            MemorySegment lent;
            try (Arena borrower = Arena.ofConfined()) {
                lent = MemoryLoan.lend(memory, borrower);
                assertEquals(16, lent.byteSize());
                assertEquals(7, lent.get(ValueLayout.JAVA_BYTE, 3));
            }
            assertThrows(IllegalStateException.class, () -> lent.get(ValueLayout.JAVA_BYTE, 3));
            assertEquals(7, memory.get(ValueLayout.JAVA_BYTE, 3));
        }
    }

    @Test
    void anotherThreadCannotReadWhatAConfinedArenaBorrowed() {
        try (Arena owner = Arena.ofShared();
                Arena borrower = Arena.ofConfined()) {
            MemorySegment lent = MemoryLoan.lend(owner.allocate(16), borrower);
            CompletionException thrown =
                    assertThrows(
                            CompletionException.class,
                            () ->
                                    CompletableFuture.runAsync(
                                                    () -> lent.get(ValueLayout.JAVA_BYTE, 0))
                                            .join());
            assertEquals(WrongThreadException.class, thrown.getCause().getClass());
        }
    }

    @Test
    void memoryOfTheHeapCannotBeLent() {
        try (Arena borrower = Arena.ofConfined()) {
            MemorySegment heap = MemorySegment.ofArray(new byte[8]);
            assertThrows(IllegalArgumentException.class, () -> MemoryLoan.lend(heap, borrower));
        }
    }
}
