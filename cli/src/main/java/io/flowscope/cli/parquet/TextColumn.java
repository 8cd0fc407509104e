package io.flowscope.cli.parquet;

import org.jspecify.annotations.Nullable;

/** Texts that seldom come twice, one after the other; in every row. */
public final class TextColumn extends Column {
    private final boolean repeats;
    private final Bytes values = new Bytes();

    /**
     * A column of texts.
     *
     * @param repeats whether parts of a text come again in others; not so with hashes
     */
    public TextColumn(String name, boolean repeats) {
        super(name, ColumnType.TEXT, false);
        this.repeats = repeats;
    }

    @Override
    boolean repeats() {
        return repeats;
    }

    /** This row's value, of ASCII. */
    public void add(String ascii) {
        count();
        values.putPlain(ascii);
    }

    /** This row's value as UTF-8. */
    public void add(byte[] text, int length) {
        count();
        values.putInt(length).put(text, 0, length);
    }

    @Override
    void clear() {
        super.clear();
        values.clear();
    }

    @Override
    void values(Bytes to) {
        to.put(values);
    }

    /** Not kept: the order of addresses as texts helps nobody. */
    @Override
    byte @Nullable [] least() {
        return null;
    }

    @Override
    byte @Nullable [] greatest() {
        return null;
    }
}
