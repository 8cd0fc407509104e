package io.flowscope.tracker.session.tls;

import java.util.Arrays;
import java.util.stream.IntStream;

/** An immutable list of registered numbers of at most 16 bits, in the order sent. */
public final class CodeList {
    /** No numbers. */
    public static final CodeList EMPTY = new CodeList(new char[0]);

    private final char[] codes;

    private CodeList(char[] codes) {
        this.codes = codes;
    }

    static CodeList of(char[] codes, int count) {
        return count == 0 ? EMPTY : new CodeList(Arrays.copyOf(codes, count));
    }

    /** How many. */
    public int size() {
        return codes.length;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return codes.length == 0;
    }

    /** One of them. */
    public int at(int index) {
        return codes[index];
    }

    /** Whether one of them is this. */
    public boolean contains(int code) {
        for (char c : codes) {
            if (c == code) {
                return true;
            }
        }
        return false;
    }

    /** All of them. */
    public IntStream stream() {
        return IntStream.range(0, codes.length).map(this::at);
    }

    /**
     * Whether a number is one of those that clients send to keep servers tolerant, {@code 0x0a0a}
     * to {@code 0xfafa} (RFC 8701).
     */
    public static boolean isGrease(int code) {
        return (code & 0x0f0f) == 0x0a0a && code >> 8 == (code & 0xff);
    }

    /** All but those of RFC 8701. */
    CodeList withoutGrease() {
        char[] kept = new char[codes.length];
        int count = 0;
        for (char c : codes) {
            if (!isGrease(c)) {
                kept[count++] = c;
            }
        }
        return count == codes.length ? this : of(kept, count);
    }

    CodeList sorted() {
        char[] copy = codes.clone();
        Arrays.sort(copy);
        return new CodeList(copy);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodeList list && Arrays.equals(codes, list.codes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(codes);
    }

    /** Hexadecimal, with commas. */
    @Override
    public String toString() {
        return hex(",");
    }

    String hex(String separator) {
        StringBuilder text = new StringBuilder(codes.length * 5);
        for (int i = 0; i < codes.length; i++) {
            text.append(i == 0 ? "" : separator);
            for (int shift = 12; shift >= 0; shift -= 4) {
                text.append(Character.forDigit(codes[i] >> shift & 15, 16));
            }
        }
        return text.toString();
    }

    String decimal(String separator) {
        StringBuilder text = new StringBuilder(codes.length * 6);
        for (int i = 0; i < codes.length; i++) {
            text.append(i == 0 ? "" : separator).append((int) codes[i]);
        }
        return text.toString();
    }
}
