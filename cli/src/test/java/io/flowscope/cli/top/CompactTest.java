package io.flowscope.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.util.Random;

@Execution(ExecutionMode.CONCURRENT)
class CompactTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void numbersKeepThreeDigits() {
        assertEquals("-", Compact.number(-1));
        assertEquals("0", Compact.number(0));
        assertEquals("999", Compact.number(999));
        assertEquals("1.0k", Compact.number(1000));
        assertEquals("99.9k", Compact.number(99_940));
        assertEquals("100k", Compact.number(99_950));
        assertEquals("999k", Compact.number(999_499));
        assertEquals("1.0M", Compact.number(999_500));
        assertEquals("9.2E", Compact.number(Long.MAX_VALUE));
    }

    @Test
    void latenciesAndAgesAreReadAtAGlance() {
        assertEquals("0us", Compact.latency(0));
        assertEquals("850us", Compact.latency(850_000));
        assertEquals("1.0ms", Compact.latency(999_900));
        assertEquals("12ms", Compact.latency(12_000_000));
        assertEquals("999ms", Compact.latency(999_400_000));
        assertEquals("1.0s", Compact.latency(999_900_000));
        assertEquals("99.9s", Compact.latency(99_900_000_000L));
        assertEquals("0s", Compact.age(-5));
        assertEquals("59s", Compact.age(59 * SECOND));
        assertEquals("1m05", Compact.age(65 * SECOND));
        assertEquals("59m59", Compact.age(3599 * SECOND));
        assertEquals("1h01", Compact.age(3660 * SECOND));
        assertEquals("4d", Compact.age(100 * 3600 * SECOND));
    }

    @Test
    void nothingIsLongerThanFiveCharacters() {
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            long any = random.nextLong() >>> random.nextInt(64);
            assertTrue(Compact.number(any).length() <= 5, () -> Compact.number(any));
            assertTrue(Compact.age(any).length() <= 5, () -> Compact.age(any));
            long latency = Math.abs(any);
            assertTrue(Compact.latency(latency).length() <= 5, () -> Compact.latency(latency));
        }
    }

    @Test
    void barsAreAsHighAsTheirShareAndOnlyNothingHasNone() {
        assertEquals("", Sparkline.of(new long[0], 10, true, true));
        assertEquals(" ▁▄█", Sparkline.of(new long[] {0, 1, 500, 1000}, 10, false, true));
        assertEquals("@@", Sparkline.of(new long[] {9, 1, 1}, 2, false, false));
        assertEquals("    ", Sparkline.of(new long[4], 10, true, false));
        assertEquals("@=", Sparkline.of(new long[] {4, 4, 4, 2, 2, 2}, 2, true, false));
        assertEquals("", Sparkline.of(new long[] {1, 2}, 0, true, false));
        assertEquals(".@", Sparkline.of(new long[] {0, 1, 1, 1000, 900}, 2, true, false));
    }
}
