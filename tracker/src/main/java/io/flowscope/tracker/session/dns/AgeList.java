package io.flowscope.tracker.session.dns;

import org.jspecify.annotations.Nullable;

/** The waiting queries of all flows of a tracker, oldest first, with a bound on their number. */
final class AgeList {
    private final int limit;
    private PendingQueries.@Nullable Entry oldest;
    private PendingQueries.@Nullable Entry newest;
    private int size;
    private long forgotten;

    AgeList(int limit) {
        this.limit = limit;
    }

    int limit() {
        return limit;
    }

    int size() {
        return size;
    }

    /** How many queries had to go for newer ones. */
    long forgotten() {
        return forgotten;
    }

    void add(PendingQueries.Entry entry) {
        if (size >= limit && oldest != null) {
            PendingQueries.Entry victim = oldest;
            remove(victim);
            victim.owner.forget(victim);
            forgotten++;
        }
        entry.older = newest;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.newer = entry;
        }
        newest = entry;
        size++;
    }

    void remove(PendingQueries.Entry entry) {
        if (entry.older == null) {
            oldest = entry.newer;
        } else {
            entry.older.newer = entry.newer;
        }
        if (entry.newer == null) {
            newest = entry.older;
        } else {
            entry.newer.older = entry.older;
        }
        entry.older = null;
        entry.newer = null;
        size--;
    }
}
