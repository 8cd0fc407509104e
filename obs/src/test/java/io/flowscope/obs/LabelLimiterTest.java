package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

class LabelLimiterTest {
    @Test
    void theFirstNamesKeepTheirOwnAndTheRestIsOther() {
        LabelLimiter limiter = new LabelLimiter(2);
        assertEquals("a", limiter.label("a"));
        assertEquals("b", limiter.label("b"));
        assertEquals("other", limiter.label("c"));
        assertEquals("a", limiter.label("a"));
        assertEquals(List.of("unknown", "other", "a", "b"), limiter.labels());
    }

    @Test
    void whatHasNoNameIsUnknown() {
        LabelLimiter limiter = new LabelLimiter(2);
        assertEquals(LabelLimiter.UNKNOWN, limiter.slot(null));
        assertEquals(LabelLimiter.UNKNOWN, limiter.slot(" \t"));
        assertEquals(LabelLimiter.UNKNOWN, limiter.slot("unknown"));
        assertEquals(LabelLimiter.OTHER, limiter.slot("other"));
        assertEquals(2, limiter.size());
    }

    @Test
    void aMillionNamesTakeNoMoreThanTheFirstFew() {
        LabelLimiter limiter = new LabelLimiter(200);
        for (int i = 0; i < 1_000_000; i++) {
            int slot = limiter.slot("process-" + i);
            assertTrue(i < 200 ? slot == i + 2 : slot == LabelLimiter.OTHER);
        }
        assertEquals(202, limiter.size());
    }

    @Test
    void namesAreCutAndLoseControlCharacters() {
        LabelLimiter limiter = new LabelLimiter(10);
        assertEquals("a_b__c", limiter.label(" a\nb\r\tc "));
        assertEquals("x", limiter.label(" ".repeat(5000) + "x"));
        assertEquals(128, limiter.label("x".repeat(5000)).length());
        assertEquals(limiter.slot("x".repeat(128)), limiter.slot("x".repeat(4000)));
    }

    @Test
    void threadsThatNameTheSameGetTheSameSlot() throws InterruptedException {
        LabelLimiter limiter = new LabelLimiter(500);
        ConcurrentHashMap<String, Integer> seen = new ConcurrentHashMap<>();
        List<Throwable> wrong = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(
                    Thread.ofPlatform()
                            .uncaughtExceptionHandler((thread, e) -> wrong.add(e))
                            .start(
                                    () -> {
                                        for (int i = 0; i < 2000; i++) {
                                            String name = "n" + i % 400;
                                            int slot = limiter.slot(name);
                                            Integer before = seen.putIfAbsent(name, slot);
                                            assertTrue(before == null || before == slot);
                                            assertEquals(name, limiter.label(slot));
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), wrong);
        assertEquals(402, limiter.size());
    }

    @Test
    void aSlotThatNobodyHasIsRefused() {
        LabelLimiter limiter = new LabelLimiter(1);
        assertThrows(IndexOutOfBoundsException.class, () -> limiter.label(2));
        assertThrows(IllegalArgumentException.class, () -> new LabelLimiter(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new LabelLimiter(LabelLimiter.MOST_NAMES + 1));
    }
}
