package io.flowscope.tracker.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flowscope.tracker.table.FlowLayout;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

class LettersTest {
    @Test
    void everyOrderOfLettersIsKept() {
        Random random = new Random(7);
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 18; i++) {
            numbers.add(i);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(64, 8);
            for (int round = 0; round < 20_000; round++) {
                Collections.shuffle(numbers, random);
                int count = random.nextInt(19);
                long timeout = (long) random.nextInt(2048) << FlowLayout.TIMEOUT_SHIFT;
                memory.set(FlowLayout.LONG, FlowLayout.HISTORY, timeout);
                long bits = 0;
                StringBuilder expected = new StringBuilder();
                for (int number : numbers.subList(0, count)) {
                    bits = Letters.add(memory, 0, bits, 1 << number);
                    bits = Letters.add(memory, 0, bits, 1 << number);
                    String letter = "SHADTGWFR".substring(number / 2, number / 2 + 1);
                    expected.append(number % 2 == 0 ? letter : letter.toLowerCase(Locale.ROOT));
                }
                long word = memory.get(FlowLayout.LONG, FlowLayout.HISTORY);
                assertEquals(expected.toString(), Letters.text(word, bits));
                assertEquals(timeout, word & ~FlowLayout.HISTORY_MASK);
            }
        }
    }
}
