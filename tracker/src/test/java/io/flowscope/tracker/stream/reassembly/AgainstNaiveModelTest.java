package io.flowscope.tracker.stream.reassembly;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Random conversations through the real reassembler and through the naive one, byte for byte. */
@Execution(ExecutionMode.CONCURRENT)
class AgainstNaiveModelTest {
    @Test
    void conversationsComeOutAsTheNaiveModelSays() {
        compare(0, 80);
    }

    @Test
    @Tag("slow")
    @Tag("unchecked") // each packet is written over the one before in either mode
    void manyMoreConversationsComeOutAsTheNaiveModelSays() {
        compare(80, 32_000);
    }

    private static void compare(int firstSeed, int cases) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(4096);
            for (int seed = firstSeed; seed < firstSeed + cases; seed++) {
                new RandomConversation("seed " + seed, new Random(seed), packet).run();
            }
        }
    }
}
