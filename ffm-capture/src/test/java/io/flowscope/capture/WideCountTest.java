package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WideCountTest {
    @Test
    void aCountThatWrapsGoesOn() {
        WideCount count = new WideCount();
        long expected = 0;
        for (int i = 0; i < 100; i++) {
            expected += 2_000_000_000L + i;
            assertEquals(expected, count.at((int) expected));
        }
        assertEquals(expected, count.at((int) expected), "nothing came");
    }

    @Test
    void aStepBackCountsAsNothingAndWhatComesAfterItCounts() {
        WideCount count = new WideCount();
        assertEquals(1000, count.at(1000));
        assertEquals(1000, count.at(0));
        assertEquals(1007, count.at(7));
        assertEquals(1007, count.at(-3));
        assertEquals(1012, count.at(2));
    }
}
