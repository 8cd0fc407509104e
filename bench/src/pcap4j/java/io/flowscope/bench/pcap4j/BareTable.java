package io.flowscope.bench.pcap4j;

/**
 * The least that can be called counting flows, on the heap, in one array of primitives: what a
 * careful user of another library would write. Open addressing, never more than half full.
 *
 * <pre>
 *   | low address 2 | high address 2 | ports, protocol, taken 1 | packets 2 | bytes 2 | first | last |
 * </pre>
 */
final class BareTable {
    private static final int WORDS = 11;
    private static final long TAKEN = 1L << 63;

    private long[] slots = new long[WORDS << 16];
    private int mask = (1 << 16) - 1;
    private int flows;

    int flows() {
        return flows;
    }

    void count(
            long fromHigh,
            long fromLow,
            long toHigh,
            long toLow,
            int fromPort,
            int toPort,
            int protocol,
            int bytes,
            long nowNanos) {
        int order = Long.compareUnsigned(fromHigh, toHigh);
        order = order != 0 ? order : Long.compareUnsigned(fromLow, toLow);
        boolean reversed = order > 0 || (order == 0 && fromPort > toPort);
        int at =
                reversed
                        ? find(toHigh, toLow, fromHigh, fromLow, rest(toPort, fromPort, protocol))
                        : find(fromHigh, fromLow, toHigh, toLow, rest(fromPort, toPort, protocol));
        int side = reversed ? 1 : 0;
        slots[at + 5 + side]++;
        slots[at + 7 + side] += bytes;
        if (slots[at + 9] == 0) {
            slots[at + 9] = nowNanos;
        }
        slots[at + 10] = nowNanos;
    }

    private static long rest(int lowPort, int highPort, int protocol) {
        return TAKEN | (long) lowPort << 32 | (long) highPort << 16 | protocol;
    }

    private int find(long lowHigh, long lowLow, long highHigh, long highLow, long rest) {
        int place = hash(lowHigh, lowLow, highHigh, highLow, rest) & mask;
        while (slots[place * WORDS + 4] != 0) {
            int at = place * WORDS;
            if (slots[at + 4] == rest
                    && slots[at + 1] == lowLow
                    && slots[at + 3] == highLow
                    && slots[at] == lowHigh
                    && slots[at + 2] == highHigh) {
                return at;
            }
            place = (place + 1) & mask;
        }
        if (flows * 2 > mask) {
            grow();
            return find(lowHigh, lowLow, highHigh, highLow, rest);
        }
        flows++;
        int at = place * WORDS;
        slots[at] = lowHigh;
        slots[at + 1] = lowLow;
        slots[at + 2] = highHigh;
        slots[at + 3] = highLow;
        slots[at + 4] = rest;
        return at;
    }

    private void grow() {
        long[] old = slots;
        mask = mask * 2 + 1;
        slots = new long[(mask + 1) * WORDS];
        for (int at = 0; at < old.length; at += WORDS) {
            if (old[at + 4] != 0) {
                int place = hash(old[at], old[at + 1], old[at + 2], old[at + 3], old[at + 4]);
                place &= mask;
                while (slots[place * WORDS + 4] != 0) {
                    place = (place + 1) & mask;
                }
                System.arraycopy(old, at, slots, place * WORDS, WORDS);
            }
        }
    }

    private static int hash(long a, long b, long c, long d, long e) {
        long low = fold(a ^ 0x8ebc_6af0_9c88_c6e3L ^ c, b ^ Long.rotateLeft(d, 32));
        return (int) (fold(low, e ^ 0x5899_65cc_7537_4cc3L) >>> 16);
    }

    private static long fold(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b) ^ a * b;
    }
}
