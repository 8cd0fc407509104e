package io.flowscope.obs;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds a label whose values come from outside: the first N keep their name, the rest are {@code
 * other}, and what has no name is {@code unknown}. Each has a slot, a small number that is never
 * given to another name: 0 is unknown, 1 is other, the first name is 2. Any thread may ask.
 */
final class LabelLimiter {
    /** Slot of what has no name. */
    static final int UNKNOWN = 0;

    /** Slot of all that came too late for a name of their own. */
    static final int OTHER = 1;

    /** How many names can keep their own at most: a slot fits into 16 bits. */
    static final int MOST_NAMES = 0xffff - 1;

    private static final int FIRST = 2;
    private static final int MAX_CHARACTERS = 128;

    private final ConcurrentHashMap<String, Integer> slots = new ConcurrentHashMap<>();

    /** Places below {@link #size} never change again. */
    private final String[] labels;

    private volatile int size = FIRST;

    /**
     * A limiter.
     *
     * @param names how many keep their own, 1 to {@link #MOST_NAMES}
     */
    LabelLimiter(int names) {
        if (names < 1 || names > MOST_NAMES) {
            throw new IllegalArgumentException("names: 1 to " + MOST_NAMES + ", was " + names);
        }
        labels = new String[names + FIRST];
        labels[UNKNOWN] = "unknown";
        labels[OTHER] = "other";
        slots.put("unknown", UNKNOWN);
        slots.put("other", OTHER);
    }

    /** The slot of a name; null and blank are unknown. */
    int slot(@Nullable String name) {
        if (name == null || name.isBlank()) {
            return UNKNOWN;
        }
        String label = printable(name);
        Integer slot = slots.get(label);
        if (slot != null) {
            return slot;
        }
        // What comes too late is not remembered: names without end must not fill the heap.
        return size == labels.length ? OTHER : assign(label);
    }

    private synchronized int assign(String label) {
        Integer raced = slots.get(label);
        if (raced != null) {
            return raced;
        }
        int slot = size;
        if (slot == labels.length) {
            return OTHER;
        }
        labels[slot] = label;
        size = slot + 1;
        slots.put(label, slot);
        return slot;
    }

    /** The label of a slot, as it is printed. */
    String label(int slot) {
        if (slot < 0 || slot >= size) {
            throw new IndexOutOfBoundsException("slot " + slot + " of " + size);
        }
        return labels[slot];
    }

    /** The label for a name: itself, or other, or unknown. */
    String label(@Nullable String name) {
        return label(slot(name));
    }

    /** Slots in use, unknown and other among them. */
    int size() {
        return size;
    }

    /** All labels by slot, as they are now. */
    List<String> labels() {
        return List.of(Arrays.copyOf(labels, size));
    }

    private static String printable(String name) {
        String whole = name.strip();
        String text = whole.length() <= MAX_CHARACTERS ? whole : whole.substring(0, MAX_CHARACTERS);
        return text.codePoints().allMatch(c -> c >= ' ' && c != 0x7f)
                ? text
                : text.replaceAll("\\p{Cntrl}", "_");
    }
}
