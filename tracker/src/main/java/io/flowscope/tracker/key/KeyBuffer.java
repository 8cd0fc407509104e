package io.flowscope.tracker.key;

/**
 * The key of one packet: up to five words and a tag, filled again for every packet. Compare {@link
 * #words()} words and the tag; the words behind are 0.
 *
 * <pre>
 *            63      48       32       24        4    0
 *   word 0   | port a | port b | proto  | label  | 1 | IPv4: two words
 *   word 1   | address a       | address b           |
 *
 *   word 0   | port a | port b | proto  | label  | 2 | IPv6: five words
 *   word 1-2 | address a                             |
 *   word 3-4 | address b                             |
 *
 *   word 0-4 as above, ports and protocol 0,       3 | a pair of IPv4, 4 of IPv6 addresses
 *
 *   word 0   | address b                |          5 | a pair of MAC addresses: two words
 *   word 1   | 0      | address a                    |
 *
 *   word 0-4 | what the user's extractor appended    | custom: five words
 * </pre>
 *
 * <p>The built-in kinds tell themselves apart by the four lowest bits of word 0, the label takes 20
 * bits above them. Endpoint a is the smaller one where the extractor sorts, else the sender.
 */
public final class KeyBuffer {
    /** Most bytes of a key, the tag not counted. */
    public static final int MAX_BYTES = 40;

    static final int IPV4 = 1;
    static final int IPV6 = 2;
    static final int IPV4_PAIR = 3;
    static final int IPV6_PAIR = 4;
    static final int MAC_PAIR = 5;

    long word0;
    long word1;
    long word2;
    long word3;
    long word4;
    int words;
    int tag;
    boolean reversed;
    private int appended;

    /** An empty buffer. */
    public KeyBuffer() {}

    /** The first word. */
    public long word0() {
        return word0;
    }

    /** The second word. */
    public long word1() {
        return word1;
    }

    /** The third word, 0 in a key of two. */
    public long word2() {
        return word2;
    }

    /** The fourth word, 0 in a key of two. */
    public long word3() {
        return word3;
    }

    /** The fifth word, 0 in a key of two. */
    public long word4() {
        return word4;
    }

    /** How many words the key has: 2 or 5. */
    public int words() {
        return words;
    }

    /** The user's tag, a part of the key; 0 if there is none. */
    public int tag() {
        return tag;
    }

    /** Whether the packet went from endpoint b to endpoint a. */
    public boolean reversed() {
        return reversed;
    }

    /** Sets the tag of a key of the user's own. */
    public KeyBuffer tag(int value) {
        tag = value;
        return this;
    }

    void shortKey(long first, long second) {
        word0 = first;
        word1 = second;
        word2 = word3 = word4 = 0;
        words = 2;
        tag = 0;
    }

    void longKey(long first, long second, long third, long fourth, long fifth) {
        word0 = first;
        word1 = second;
        word2 = third;
        word3 = fourth;
        word4 = fifth;
        words = 5;
        tag = 0;
    }

    /** Whether two buffers hold the same key; the direction is no part of it. */
    public boolean sameKey(KeyBuffer other) {
        return word0 == other.word0
                && word1 == other.word1
                && word2 == other.word2
                && word3 == other.word3
                && word4 == other.word4
                && words == other.words
                && tag == other.tag;
    }

    /** Takes over another buffer's key and direction. */
    public void copyFrom(KeyBuffer other) {
        word0 = other.word0;
        word1 = other.word1;
        word2 = other.word2;
        word3 = other.word3;
        word4 = other.word4;
        words = other.words;
        tag = other.tag;
        reversed = other.reversed;
    }

    /** Fills the buffer with a key that a table kept. */
    public void set(
            long first,
            long second,
            long third,
            long fourth,
            long fifth,
            int words,
            int tag,
            boolean reversed) {
        longKey(first, second, third, fourth, fifth);
        this.words = words;
        this.tag = tag;
        this.reversed = reversed;
    }

    /**
     * Begins a key of the user's own. What is not appended is 0: two keys of different length that
     * differ only in zeros at the end are the same key.
     */
    public KeyBuffer beginCustom() {
        longKey(0, 0, 0, 0, 0);
        reversed = false;
        appended = 0;
        return this;
    }

    /** Says which way the packet went, for a key that is the same for both directions. */
    public KeyBuffer reversed(boolean fromBToA) {
        reversed = fromBToA;
        return this;
    }

    /**
     * Appends the lowest bytes of a number to a key of the user's own, the highest of them first.
     *
     * @param value the number
     * @param bytes how many of its bytes, 1 to 8
     * @throws IllegalStateException if the key would have more than {@link #MAX_BYTES}
     */
    public KeyBuffer append(long value, int bytes) {
        if (bytes < 1 || bytes > 8) {
            throw new IllegalArgumentException("bytes: 1 to 8, was " + bytes);
        }
        if (appended + bytes > MAX_BYTES) {
            throw new IllegalStateException(
                    "a key has at most " + MAX_BYTES + " bytes, had " + appended + " before");
        }
        for (int i = bytes - 1; i >= 0; i--) {
            place(value >>> (i << 3) & 0xff);
        }
        return this;
    }

    private void place(long oneByte) {
        long shifted = oneByte << (56 - ((appended & 7) << 3));
        switch (appended++ >>> 3) {
            case 0 -> word0 |= shifted;
            case 1 -> word1 |= shifted;
            case 2 -> word2 |= shifted;
            case 3 -> word3 |= shifted;
            default -> word4 |= shifted;
        }
    }
}
