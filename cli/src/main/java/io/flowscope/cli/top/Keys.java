package io.flowscope.cli.top;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Key presses from what a terminal sends. Keys that send a sequence, such as arrows, mean nothing
 * here, and no part of their sequence is taken for another key:
 *
 * <pre>
 *   ESC [ parameters 0x20–0x3f … final 0x40–0x7e
 *   ESC O final
 * </pre>
 */
public final class Keys {
    private static final int ESCAPE = 0x1b;

    private Keys() {}

    /** The keys in what was read at once; sequences come whole. */
    public static List<Key> of(byte[] bytes, int length) {
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < length; ) {
            if (bytes[i] == ESCAPE) {
                int next = behindSequence(bytes, i + 1, length);
                if (next == i + 1) {
                    keys.add(Key.BACK);
                }
                i = next;
                continue;
            }
            Key key = of(bytes[i++]);
            if (key != null) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static int behindSequence(byte[] bytes, int from, int length) {
        if (from == length || bytes[from] != '[' && bytes[from] != 'O') {
            return from;
        }
        if (bytes[from] == 'O') {
            return Math.min(length, from + 2);
        }
        int at = from + 1;
        while (at < length && bytes[at] >= 0x20 && bytes[at] < 0x40) {
            at++;
        }
        return Math.min(length, at + 1);
    }

    private static @Nullable Key of(byte typed) {
        return switch (typed) {
            case 'q', 'Q' -> Key.QUIT;
            case 'p', ' ' -> Key.PAUSE;
            case 'h', '?' -> Key.HELP;
            case 's' -> Key.SORT_NEXT;
            case 'r' -> Key.SORT_RATE;
            case 'b' -> Key.SORT_BYTES;
            case 'n' -> Key.SORT_PACKETS;
            case 't' -> Key.SORT_RTT;
            case 'x' -> Key.SORT_RETRANSMITS;
            case 'L' - '@' -> Key.REDRAW;
            case 'Z' - '@' -> Key.SUSPEND;
            default -> null;
        };
    }
}
