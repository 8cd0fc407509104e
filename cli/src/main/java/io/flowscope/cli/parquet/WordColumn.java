package io.flowscope.cli.parquet;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Texts of which there are few: a dictionary, and the number of its entry for each row. */
public final class WordColumn extends Column {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<byte[]> words = new ArrayList<>();
    private int[] values = {};
    private int count;

    /** The word before, which is often this one, too. */
    private @Nullable String lastWord;

    private int lastNumber;

    /**
     * A column of words.
     *
     * @param optional whether a row may have no value
     */
    public WordColumn(String name, boolean optional) {
        super(name, ColumnType.TEXT, optional);
    }

    /** This row's value. */
    @SuppressWarnings("ReferenceEquality") // the same object is the same word; another is looked up
    public void add(String word) {
        count();
        if (word != lastWord) {
            lastNumber = number(word);
            lastWord = word;
        }
        values = atLeast(values, count + 1);
        values[count++] = lastNumber;
    }

    private int number(String word) {
        Integer known = numbers.get(word);
        if (known != null) {
            return known;
        }
        numbers.put(word, words.size());
        words.add(word.getBytes(StandardCharsets.UTF_8));
        return words.size() - 1;
    }

    @Override
    void clear() {
        super.clear();
        numbers.clear();
        words.clear();
        count = 0;
        lastWord = null;
    }

    /** Without any value there is no dictionary either. */
    @Override
    int encoding() {
        return words.isEmpty() ? PLAIN : RLE_DICTIONARY;
    }

    @Override
    int words() {
        return words.size();
    }

    @Override
    void dictionary(Bytes to) {
        for (byte[] word : words) {
            to.putInt(word.length).put(word, 0, word.length);
        }
    }

    @Override
    void values(Bytes to) {
        if (!words.isEmpty()) {
            // Some readers do not know numbers without bits.
            int width = Math.max(1, 32 - Integer.numberOfLeadingZeros(words.size() - 1));
            to.put(width);
            HybridRuns.encode(values, count, width, to);
        }
    }

    @Override
    byte @Nullable [] least() {
        return words.stream().min(Arrays::compareUnsigned).orElse(null);
    }

    @Override
    byte @Nullable [] greatest() {
        return words.stream().max(Arrays::compareUnsigned).orElse(null);
    }
}
