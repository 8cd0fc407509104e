package io.flowscope.obs.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A page that is made once for all who ask at about the same time, one maker at a time: however
 * many ask, they cost one processor at most, and each gets what was true at most {@link
 * #SHARED_MILLIS} before it asked, or later.
 */
final class SharedPage implements Function<String, Page> {
    static final long SHARED_MILLIS = 100;

    /** Pages for so many different Accept headers are kept. */
    static final int KEPT = 4;

    private final Function<String, Page> maker;

    /** First come, first served; whoever waits is likely to find the page made. */
    private final ReentrantLock lock = new ReentrantLock(true);

    private final Map<String, Made> made =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Made> eldest) {
                    return size() > KEPT;
                }
            };

    SharedPage(Function<String, Page> maker) {
        this.maker = maker;
    }

    /** A page, and when its making began. */
    private record Made(Page page, long begunNanos) {}

    @Override
    public Page apply(String accept) {
        return apply(accept, System.nanoTime());
    }

    Page apply(String accept, long askedNanos) {
        lock.lock();
        try {
            Made present = made.get(accept);
            if (present != null && isFresh(present, askedNanos)) {
                return present.page();
            }
            long begun = System.nanoTime();
            Page page = maker.apply(accept);
            made.remove(accept);
            made.put(accept, new Made(page, begun));
            return page;
        } finally {
            lock.unlock();
        }
    }

    private static boolean isFresh(Made page, long askedNanos) {
        return askedNanos - page.begunNanos() <= TimeUnit.MILLISECONDS.toNanos(SHARED_MILLIS);
    }
}
