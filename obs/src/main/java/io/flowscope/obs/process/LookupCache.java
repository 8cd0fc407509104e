package io.flowscope.obs.process;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Answers of a lookup, kept for a while: at most {@link #ENTRIES} of them, the oldest goes first. A
 * socket that was not found is asked for again sooner, because it may just not have been there yet.
 *
 * <p>Owner: the thread that looks up.
 */
final class LookupCache {
    static final int ENTRIES = 10_000;
    static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(60);
    static final long NOT_FOUND_KEPT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Map<Object, Answer> answers =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Object, Answer> eldest) {
                    return size() > ENTRIES;
                }
            };

    /** A name, or null for not found, and until when that holds. */
    record Answer(@Nullable String name, long untilNanos) {}

    /** The answer for a socket, null if there is none or it is too old. */
    @Nullable Answer get(Object socket, long nowNanos) {
        Answer answer = answers.get(socket);
        return answer == null || answer.untilNanos() - nowNanos <= 0 ? null : answer;
    }

    Answer put(Object socket, @Nullable String name, long nowNanos) {
        long kept = name == null ? NOT_FOUND_KEPT_NANOS : KEPT_NANOS;
        Answer answer = new Answer(name, nowNanos + kept);
        // Taken out first, so that the order of the map is the order of age.
        answers.remove(socket);
        answers.put(socket, answer);
        return answer;
    }

    int size() {
        return answers.size();
    }
}
