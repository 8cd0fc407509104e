package io.flowscope.cli.parquet;

import org.jspecify.annotations.Nullable;

/** Numbers as they are; unsigned ones compare as such. */
public final class NumberColumn extends Column {
    private final int width;

    /** Turns unsigned order into that of signed numbers. */
    private final long flip;

    private final Bytes values = new Bytes();
    private long least = Long.MAX_VALUE;
    private long greatest = Long.MIN_VALUE;

    /**
     * A column of numbers.
     *
     * @param type one of the numeric ones
     * @param optional whether a row may have no value
     */
    public NumberColumn(String name, ColumnType type, boolean optional) {
        super(name, type, optional);
        width = type == ColumnType.UINT16 ? 4 : 8;
        flip = type == ColumnType.UINT64 ? Long.MIN_VALUE : 0;
    }

    /** This row's value. */
    public void add(long value) {
        count();
        values.putLow(value, width);
        least = Math.min(least, value ^ flip);
        greatest = Math.max(greatest, value ^ flip);
    }

    @Override
    void clear() {
        super.clear();
        values.clear();
        least = Long.MAX_VALUE;
        greatest = Long.MIN_VALUE;
    }

    @Override
    void values(Bytes to) {
        to.put(values);
    }

    @Override
    byte @Nullable [] least() {
        return statistic(least);
    }

    @Override
    byte @Nullable [] greatest() {
        return statistic(greatest);
    }

    private byte @Nullable [] statistic(long flipped) {
        if (rows() == nulls()) {
            return null;
        }
        byte[] bytes = new byte[width];
        for (int i = 0; i < width; i++) {
            bytes[i] = (byte) ((flipped ^ flip) >>> (8 * i));
        }
        return bytes;
    }
}
