package io.flowscope.cli.parquet;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** The values of one column in the group of rows that is being gathered. */
public abstract sealed class Column permits NumberColumn, TextColumn, WordColumn {
    static final int PLAIN = 0;
    static final int RLE = 3;
    static final int RLE_DICTIONARY = 8;

    private static final int FIRST_ROWS = 64;

    final String name;
    final ColumnType type;
    final boolean optional;

    /** 1 for a row with a value, 0 for one without; not kept where all rows have one. */
    private int[] levels = {};

    private int rows;
    private int nulls;

    Column(String name, ColumnType type, boolean optional) {
        this.name = name;
        this.type = type;
        this.optional = optional;
    }

    /** This row has no value. */
    public final void addNull() {
        if (!optional) {
            throw new IllegalStateException(name + " has a value in every row");
        }
        level(0);
        nulls++;
    }

    /** This row has a value, which the subclass keeps. */
    final void count() {
        level(1);
    }

    private void level(int level) {
        if (optional) {
            levels = atLeast(levels, rows + 1);
            levels[rows] = level;
        }
        rows++;
    }

    static int[] atLeast(int[] array, int length) {
        return array.length >= length
                ? array
                : Arrays.copyOf(array, Math.max(FIRST_ROWS, Math.max(2 * array.length, length)));
    }

    final int rows() {
        return rows;
    }

    final int nulls() {
        return nulls;
    }

    /** Forgets all rows. */
    void clear() {
        rows = 0;
        nulls = 0;
    }

    /** Writes a data page's body: which rows have a value, then the values. */
    final void page(Bytes to, Bytes scratch) {
        if (optional) {
            scratch.clear();
            HybridRuns.encode(levels, rows, 1, scratch);
            to.putInt(scratch.size()).put(scratch);
        }
        values(to);
    }

    /** Writes the values in {@link #encoding()}. */
    abstract void values(Bytes to);

    int encoding() {
        return PLAIN;
    }

    /** Whether a value has something of others before it. */
    boolean repeats() {
        return true;
    }

    /** How many values a dictionary before the data page has; 0 for no dictionary. */
    int words() {
        return 0;
    }

    /** Writes the dictionary's values. */
    void dictionary(Bytes to) {}

    /** The least value as statistics have it, null if not known. */
    abstract byte @Nullable [] least();

    /** The greatest value, null if not known. */
    abstract byte @Nullable [] greatest();
}
