package io.flowscope.tracker.session.dns;

import io.flowscope.tracker.Side;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One flow's queries that wait for a response, oldest first. All flows of a tracker share a bound,
 * kept by {@link AgeList}: a new query beyond it takes the place of the oldest of any flow.
 */
final class PendingQueries {
    /** A response without a question is matched by id alone, among at most so many. */
    private static final int MAX_SCANNED = 64;

    /** What a response repeats of its query. */
    record Key(Side asker, int id, DnsName name, int type) {}

    /** A waiting query; linked into the list by age over all flows. */
    static final class Entry {
        final PendingQueries owner;
        final Key key;
        final DnsQuery query;
        final long askedNanos;
        @Nullable Entry older;
        @Nullable Entry newer;

        Entry(PendingQueries owner, Key key, DnsQuery query, long askedNanos) {
            this.owner = owner;
            this.key = key;
            this.query = query;
            this.askedNanos = askedNanos;
        }
    }

    private final Map<Key, Entry> byKey = new LinkedHashMap<>();
    private final AgeList ages;

    PendingQueries(AgeList ages) {
        this.ages = ages;
    }

    private static Key key(Side asker, DnsContent content) {
        if (content.questions().isEmpty()) {
            return new Key(asker, content.id(), DnsName.ROOT, -1);
        }
        DnsQuestion question = content.questions().getFirst();
        return new Key(asker, content.id(), question.name(), question.type());
    }

    /** Remembers a query; a repeated one keeps its first time. */
    void asked(Side asker, DnsQuery query, long nanos) {
        Key key = key(asker, query.content());
        if (ages.limit() == 0 || byKey.containsKey(key)) {
            return;
        }
        Entry entry = new Entry(this, key, query, nanos);
        ages.add(entry);
        byKey.put(key, entry);
    }

    /** Takes out the query that a response answers. */
    @Nullable Entry answered(Side answerer, DnsContent response) {
        Side asker = answerer.other();
        Entry entry =
                response.questions().isEmpty()
                        ? byId(asker, response.id())
                        : byKey.get(key(asker, response));
        if (entry != null) {
            remove(entry);
        }
        return entry;
    }

    private @Nullable Entry byId(Side asker, int id) {
        int scanned = 0;
        for (Entry entry : byKey.values()) {
            if (entry.key.id() == id && entry.key.asker() == asker) {
                return entry;
            }
            if (++scanned == MAX_SCANNED) {
                return null;
            }
        }
        return null;
    }

    /** The oldest query, or null. */
    @Nullable Entry oldest() {
        Iterator<Entry> all = byKey.values().iterator();
        return all.hasNext() ? all.next() : null;
    }

    void remove(Entry entry) {
        forget(entry);
        ages.remove(entry);
    }

    /** Removes from this flow only; the list by age has already let go of it. */
    void forget(Entry entry) {
        byKey.remove(entry.key);
    }

    int size() {
        return byKey.size();
    }
}
