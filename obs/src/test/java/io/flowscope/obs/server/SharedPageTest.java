package io.flowscope.obs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class SharedPageTest {
    private static final long SHARED_NANOS =
            TimeUnit.MILLISECONDS.toNanos(SharedPage.SHARED_MILLIS);

    private final AtomicInteger made = new AtomicInteger();
    private final SharedPage page =
            new SharedPage(accept -> Page.text(200, accept + made.incrementAndGet()));

    @Test
    void whoAsksSoonAfterGetsTheSameAndWhoAsksLaterAnother() {
        long before = System.nanoTime();
        Page first = page.apply("a");
        long after = System.nanoTime();
        assertSame(first, page.apply("a", before + SHARED_NANOS));
        assertEquals(1, made.get());
        Page second = page.apply("a", after + SHARED_NANOS + 1);
        assertNotSame(first, second);
        assertEquals("a2", new String(second.body()));
    }

    @Test
    void anotherFormatIsAnotherPageAndOfManyTheOldestIsForgotten() {
        long now = System.nanoTime();
        Page first = page.apply("a", now);
        assertNotSame(first, page.apply("b", now));
        for (int i = 2; i < SharedPage.KEPT; i++) {
            page.apply("c" + i, now);
        }
        assertSame(first, page.apply("a", now));
        page.apply("one more", now);
        assertNotSame(first, page.apply("a", now));
    }

    @Test
    void aPageThatCouldNotBeMadeIsTriedAgain() {
        SharedPage failing =
                new SharedPage(
                        accept -> {
                            if (made.incrementAndGet() == 1) {
                                throw new IllegalStateException("once");
                            }
                            return Page.text(200, "");
                        });
        assertThrows(IllegalStateException.class, () -> failing.apply("a"));
        assertEquals(200, failing.apply("a").status());
    }

    @Test
    void whoeverAsksWhileAPageIsBeingMadeWaitsForIt() throws InterruptedException {
        CountDownLatch making = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        SharedPage slow =
                new SharedPage(
                        accept -> {
                            made.incrementAndGet();
                            making.countDown();
                            try {
                                proceed.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            return Page.text(200, "");
                        });
        List<Thread> askers = new ArrayList<>();
        long now = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            askers.add(Thread.ofVirtual().start(() -> slow.apply("a", now)));
        }
        making.await();
        proceed.countDown();
        for (Thread each : askers) {
            each.join();
        }
        assertEquals(1, made.get());
    }
}
