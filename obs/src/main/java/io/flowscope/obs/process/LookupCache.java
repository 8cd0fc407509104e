package io.flowscope.obs.process;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Owners that a lookup has found, kept for a while: at most {@link #ENTRIES} of them, the oldest
 * goes first.
 *
 * <p>Owner: the thread that looks up.
 */
final class LookupCache {
    static final int ENTRIES = 10_000;
    static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Map<Object, Answer> answers =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Object, Answer> eldest) {
                    return size() > ENTRIES;
                }
            };

    private record Answer(String name, long untilNanos) {}

    /** The owner of a socket, null if there is none known or that is too long ago. */
    @Nullable String get(Object socket, long nowNanos) {
        Answer answer = answers.get(socket);
        return answer == null || answer.untilNanos() - nowNanos <= 0 ? null : answer.name();
    }

    void put(Object socket, String name, long nowNanos) {
        // Taken out first, so that the order of the map is the order of age.
        answers.remove(socket);
        answers.put(socket, new Answer(name, nowNanos + KEPT_NANOS));
    }
}
