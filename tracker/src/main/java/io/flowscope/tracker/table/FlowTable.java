package io.flowscope.tracker.table;

import static io.flowscope.tracker.table.FlowLayout.BITS;
import static io.flowscope.tracker.table.FlowLayout.FAR_BYTES;
import static io.flowscope.tracker.table.FlowLayout.FAR_KEY;
import static io.flowscope.tracker.table.FlowLayout.INT;
import static io.flowscope.tracker.table.FlowLayout.KEY_0;
import static io.flowscope.tracker.table.FlowLayout.KEY_1;
import static io.flowscope.tracker.table.FlowLayout.LAST;
import static io.flowscope.tracker.table.FlowLayout.LONG;

import io.flowscope.tracker.key.KeyBuffer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * All records and the index that finds them, in one piece of memory that is taken once and never
 * grows.
 *
 * <pre>
 *   | index: 8 bytes × 1.6 × capacity | records: 128 or 192 × capacity | far: 48 × capacity | tags |
 *
 *   one place of the index       63          32 31          0
 *                               +--------------+-------------+
 *                               | hash         | record + 1  |   0 = empty
 *                               +--------------+-------------+
 * </pre>
 *
 * <p>The index is probed linearly: eight places share a cache line, and at most 62.5 % are taken,
 * so that a search rarely leaves the line it began in. The stored hash says where a place's flow
 * belongs, so a removal closes the gap by moving its successors back; no tombstone is ever left. A
 * free record holds the number of the next free one in its first word. The lowest free numbers are
 * not preferred; the most recently freed record is, because it is still in the cache.
 *
 * <p>Owner: the tracker's thread.
 */
public final class FlowTable {
    /** No such record. */
    public static final int NONE = -1;

    private static final int PLACE_BYTES = 8;

    /** Kinds of key with five words, as {@link KeyBuffer} draws them: IPv6, and pairs of it. */
    private static final int LONG_KIND = 2;

    private static final int LONG_PAIR_KIND = 4;

    private final MemorySegment memory;
    private final int capacity;
    private final long places;
    private final long records;
    private final int recordBytes;
    private final long far;
    private final long tags;
    private final boolean custom;

    private int live;
    private int used;
    private int free = NONE;

    /**
     * Takes the memory.
     *
     * @param allocator gives zeroed memory that outlives the table
     * @param capacity how many flows there can be
     * @param roundTrips whether records have the line for round trips
     * @param tagged whether keys have tags
     * @param custom whether the user's code writes the keys
     */
    public FlowTable(
            SegmentAllocator allocator,
            int capacity,
            boolean roundTrips,
            boolean tagged,
            boolean custom) {
        this.custom = custom;
        this.capacity = capacity;
        this.places = Math.max(16, (long) capacity * 8 / 5);
        this.recordBytes =
                roundTrips ? FlowLayout.RECORD_BYTES_WITH_ROUND_TRIPS : FlowLayout.RECORD_BYTES;
        this.records = align(places * PLACE_BYTES);
        this.far = records + (long) capacity * recordBytes;
        this.tags = tagged ? align(far + (long) capacity * FAR_BYTES) : -1;
        long end = tagged ? tags + 4L * capacity : far + (long) capacity * FAR_BYTES;
        this.memory = allocator.allocate(end, 128);
    }

    private static long align(long at) {
        return at + 127 & -128;
    }

    /** Bytes that the table takes, index included. */
    public long byteSize() {
        return memory.byteSize();
    }

    /** Bytes of a record's hot lines. */
    public int recordBytes() {
        return recordBytes;
    }

    /** The memory that holds the records. */
    public MemorySegment memory() {
        return memory;
    }

    /** How many flows there can be. */
    public int capacity() {
        return capacity;
    }

    /** How many flows there are. */
    public int live() {
        return live;
    }

    /** Records with this number and above were never used. */
    public int used() {
        return used;
    }

    /** Where a record begins. */
    public long at(int record) {
        return records + (long) record * recordBytes;
    }

    /** Where a record's far part begins. */
    public long farAt(int record) {
        return far + (long) record * FAR_BYTES;
    }

    /** Whether a record holds a flow. */
    public boolean isLive(int record) {
        return (memory.get(LONG, at(record) + BITS) & FlowBits.LIVE) != 0;
    }

    private long home(int hash) {
        return ((hash & 0xffff_ffffL) * places) >>> 32;
    }

    private long placeAt(long place) {
        return place * PLACE_BYTES;
    }

    /** Reads the line of the index where a search will begin; the result only forces the load. */
    public long touchIndex(int hash) {
        return memory.get(LONG, placeAt(home(hash)));
    }

    /**
     * The record that a search will probably find, without looking at it; {@link #NONE} if there is
     * none at the first place.
     */
    public int guess(int hash) {
        long entry = memory.get(LONG, placeAt(home(hash)));
        if ((int) (entry >>> 32) != hash) {
            return guessFurther(hash);
        }
        return (int) entry - 1;
    }

    private int guessFurther(int hash) {
        long place = home(hash);
        for (int i = 0; i < 4 && place < places; i++, place++) {
            long entry = memory.get(LONG, placeAt(place));
            if (entry == 0) {
                return NONE;
            }
            if ((int) (entry >>> 32) == hash) {
                return (int) entry - 1;
            }
        }
        return NONE;
    }

    /** Reads a record's lines ahead of use; the result only forces the loads. */
    public long touchRecord(int record) {
        long at = at(record);
        return memory.get(LONG, at) + memory.get(LONG, at + 64);
    }

    /** Whether a record holds a live flow with this key. */
    public boolean holds(int record, KeyBuffer key) {
        long at = at(record);
        return (memory.get(LONG, at + BITS) & FlowBits.LIVE) != 0
                && matches(memory, record, at, key);
    }

    /**
     * Whether a record has this key; it may be free.
     *
     * @param inside {@link #memory()}, handed over because then the compiler checks it but once
     */
    public boolean matches(MemorySegment inside, int record, long at, KeyBuffer key) {
        return inside.get(LONG, at + KEY_0) == key.word0()
                && inside.get(LONG, at + KEY_1) == key.word1()
                && (key.words() == 2 || matchesFar(inside, farAt(record), key))
                && (tags < 0 || inside.get(INT, tags + 4L * record) == key.tag());
    }

    private static boolean matchesFar(MemorySegment inside, long farAt, KeyBuffer key) {
        return inside.get(LONG, farAt + FAR_KEY) == key.word2()
                && inside.get(LONG, farAt + FAR_KEY + 8) == key.word3()
                && inside.get(LONG, farAt + FAR_KEY + 16) == key.word4();
    }

    /** The flow with a key, or {@link #NONE}. */
    public int find(KeyBuffer key, int hash) {
        long place = home(hash);
        while (true) {
            long entry = memory.get(LONG, placeAt(place));
            if (entry == 0) {
                return NONE;
            }
            if ((int) (entry >>> 32) == hash) {
                int record = (int) entry - 1;
                if (matches(memory, record, at(record), key)) {
                    return record;
                }
            }
            if (++place == places) {
                place = 0;
            }
        }
    }

    /** Fills a buffer with a record's key; its direction is forward. */
    public void loadKey(int record, KeyBuffer into) {
        loadKey(memory, at(record), farAt(record), tag(record), into);
    }

    /** A record's tag, 0 if keys have none. */
    public int tag(int record) {
        return tags < 0 ? 0 : memory.get(INT, tags + 4L * record);
    }

    /** Fills a buffer with the key of a record that may be a copy; its direction is forward. */
    public void loadKey(MemorySegment from, long at, long farAt, int tag, KeyBuffer into) {
        long word0 = from.get(LONG, at + KEY_0);
        long word1 = from.get(LONG, at + KEY_1);
        if (custom || isLong(word0)) {
            long rest = farAt + FAR_KEY;
            into.set(
                    word0,
                    word1,
                    from.get(LONG, rest),
                    from.get(LONG, rest + 8),
                    from.get(LONG, rest + 16),
                    5,
                    tag,
                    false);
        } else {
            into.set(word0, word1, 0, 0, 0, 2, tag, false);
        }
    }

    private static boolean isLong(long word0) {
        int kind = (int) word0 & 15;
        return kind == LONG_KIND || kind == LONG_PAIR_KIND;
    }

    /** Whether {@link #insert} would fail. */
    public boolean isFull() {
        return live == capacity;
    }

    /**
     * Makes a record for a key that has none. Its key words are set, the bits are not: until the
     * caller sets {@link FlowBits#LIVE} it is nobody's.
     */
    public int insert(KeyBuffer key, int hash) {
        int record = free;
        if (record == NONE) {
            record = used++;
        } else {
            free = (int) memory.get(LONG, at(record) + KEY_0);
        }
        live++;
        long at = at(record);
        memory.set(LONG, at + KEY_0, key.word0());
        memory.set(LONG, at + KEY_1, key.word1());
        if (key.words() != 2) {
            storeFar(farAt(record) + FAR_KEY, key);
        }
        if (tags >= 0) {
            memory.set(INT, tags + 4L * record, key.tag());
        }
        long place = home(hash);
        while (memory.get(LONG, placeAt(place)) != 0) {
            if (++place == places) {
                place = 0;
            }
        }
        memory.set(LONG, placeAt(place), (long) hash << 32 | (record + 1));
        return record;
    }

    private void storeFar(long at, KeyBuffer key) {
        memory.set(LONG, at, key.word2());
        memory.set(LONG, at + 8, key.word3());
        memory.set(LONG, at + 16, key.word4());
    }

    /** Takes a record out of the index and frees it. */
    public void remove(int record, int hash) {
        long entry = (long) hash << 32 | (record + 1);
        long place = home(hash);
        while (memory.get(LONG, placeAt(place)) != entry) {
            if (++place == places) {
                place = 0;
            }
        }
        closeGap(place);
        long at = at(record);
        memory.set(LONG, at + BITS, 0);
        memory.set(LONG, at + KEY_0, free);
        free = record;
        live--;
    }

    private void closeGap(long gap) {
        long place = gap;
        while (true) {
            if (++place == places) {
                place = 0;
            }
            long entry = memory.get(LONG, placeAt(place));
            if (entry == 0) {
                memory.set(LONG, placeAt(gap), 0);
                return;
            }
            long home = home((int) (entry >>> 32));
            if (distance(home, place) >= distance(gap, place)) {
                memory.set(LONG, placeAt(gap), entry);
                gap = place;
            }
        }
    }

    private long distance(long from, long to) {
        long steps = to - from;
        return steps < 0 ? steps + places : steps;
    }

    /** When a flow's last packet came. */
    public long lastSeen(long at) {
        return Math.max(memory.get(LONG, at + LAST), memory.get(LONG, at + LAST + 8));
    }
}
