package io.flowscope.tracker.table;

import java.util.Arrays;

/**
 * Numbers 1 to 255 for the interface indexes in use, because a record has one byte per side. The
 * first 255 different ones are told apart; a further one is unknown, which is 0.
 */
public final class InterfaceNames {
    /** The index that stands for unknown. */
    public static final int UNKNOWN = -1;

    private final int[] indexes = new int[256];
    private int count;

    /** With no interface numbered yet. */
    public InterfaceNames() {
        Arrays.fill(indexes, UNKNOWN);
    }

    /** The number of an interface. */
    public int numberOf(int index) {
        if (index == UNKNOWN) {
            return 0;
        }
        for (int i = 1; i <= count; i++) {
            if (indexes[i] == index) {
                return i;
            }
        }
        if (count == 255) {
            return 0;
        }
        indexes[++count] = index;
        return count;
    }

    /** The interface with a number. */
    public int index(int number) {
        return indexes[number];
    }
}
