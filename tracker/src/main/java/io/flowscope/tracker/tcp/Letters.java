package io.flowscope.tracker.tcp;

import static io.flowscope.tracker.table.FlowLayout.HISTORY;
import static io.flowscope.tracker.table.FlowLayout.HISTORY_MASK;
import static io.flowscope.tracker.table.FlowLayout.LONG;

import io.flowscope.tracker.table.FlowBits;

import java.lang.foreign.MemorySegment;

/**
 * The history of a flow: which of nine letters each side has shown, in the order of their first
 * occurrence. There are 18 letters (upper and lower case), each at most once, so the order is a
 * permutation of a subset; it is kept as one number in a mixed base, because 18! fits into 53 bits:
 * the first letter is a digit to base 18 (which of all), the next to base 17 (which of those left),
 * and so on.
 *
 * <p>A letter's number is twice its position in {@code SHADTGWFR}, plus one for the responder.
 */
public final class Letters {
    /** A SYN without an acknowledgment. */
    public static final int SYN = 0;

    /** A SYN with an acknowledgment. */
    public static final int SYN_ACK = 1;

    /** A pure acknowledgment. */
    public static final int ACK = 2;

    /** Payload. */
    public static final int DATA = 3;

    /** Payload sent again; a SYN or FIN sent again is counted, but has no letter. */
    public static final int RETRANSMISSION = 4;

    /** Bytes that the other side acknowledged and that were not seen. */
    public static final int GAP = 5;

    /** A window of zero. */
    public static final int ZERO_WINDOW = 6;

    /** A FIN. */
    public static final int FIN = 7;

    /** A RST. */
    public static final int RST = 8;

    private static final int LETTERS = 18;
    private static final String UPPER = "SHADTGWFR";

    private Letters() {}

    /** The bit that stands for a letter of a side in a set of letters. */
    public static int bit(int letter, int side) {
        return 1 << (2 * letter + side);
    }

    /**
     * Adds those of a set of letters that are not in a flow's history yet, in the order of their
     * numbers.
     *
     * @return the flow's bits with them
     */
    public static long add(MemorySegment memory, long at, long bits, int letters) {
        int seen = (int) (bits >>> FlowBits.LETTERS_SHIFT & FlowBits.LETTERS_MASK);
        return (letters & ~seen) == 0 ? bits : addNew(memory, at, bits, seen, letters & ~seen);
    }

    private static long addNew(MemorySegment memory, long at, long bits, int seen, int letters) {
        long word = memory.get(LONG, at + HISTORY);
        long order = word & HISTORY_MASK;
        int all = seen;
        for (int rest = letters; rest != 0; rest &= rest - 1) {
            int number = Integer.numberOfTrailingZeros(rest);
            int rank = number - Integer.bitCount(all & (1 << number) - 1);
            order = order * (LETTERS - Integer.bitCount(all)) + rank;
            all |= 1 << number;
        }
        memory.set(LONG, at + HISTORY, (word & ~HISTORY_MASK) | order);
        return bits | (long) letters << FlowBits.LETTERS_SHIFT;
    }

    /** The history as text; allocates. */
    public static String text(long historyWord, long bits) {
        int count = Long.bitCount(bits >>> FlowBits.LETTERS_SHIFT & FlowBits.LETTERS_MASK);
        long order = historyWord & HISTORY_MASK;
        int[] ranks = new int[count];
        for (int i = count - 1; i >= 0; i--) {
            ranks[i] = (int) (order % (LETTERS - i));
            order /= LETTERS - i;
        }
        StringBuilder text = new StringBuilder(count);
        int all = 0;
        for (int rank : ranks) {
            int number = number(all, rank);
            all |= 1 << number;
            char letter = UPPER.charAt(number >> 1);
            text.append((number & 1) == 0 ? letter : Character.toLowerCase(letter));
        }
        return text.toString();
    }

    private static int number(int taken, int rank) {
        int left = rank;
        for (int number = 0; ; number++) {
            if ((taken & 1 << number) == 0 && left-- == 0) {
                return number;
            }
        }
    }
}
