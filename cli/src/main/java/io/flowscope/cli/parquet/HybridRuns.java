package io.flowscope.cli.parquet;

/**
 * Small numbers as Parquet's hybrid of run lengths and packed bits.
 *
 * <pre>
 *   run     length &lt;&lt; 1 as varint, the value in whole bytes
 *   packed  groups &lt;&lt; 1 | 1 as varint, eight values per group, lowest bits first
 * </pre>
 */
final class HybridRuns {
    private static final int GROUP = 8;

    private HybridRuns() {}

    /**
     * Writes numbers.
     *
     * @param width bits per number, 1 to 31
     */
    static void encode(int[] values, int count, int width, Bytes out) {
        int at = 0;
        while (at < count) {
            int end = at;
            if (isRun(values, at, count)) {
                while (end < count && values[end] == values[at]) {
                    end++;
                }
                out.putVarint((long) (end - at) << 1).putLow(values[at], (width + 7) / 8);
            } else {
                do {
                    end += GROUP;
                } while (end < count && !isRun(values, end, count));
                out.putVarint((end - at) / GROUP << 1 | 1);
                pack(values, at, end, count, width, out);
            }
            at = end;
        }
    }

    private static boolean isRun(int[] values, int at, int count) {
        if (count - at < GROUP) {
            return false;
        }
        for (int i = at + 1; i < at + GROUP; i++) {
            if (values[i] != values[at]) {
                return false;
            }
        }
        return true;
    }

    /** Zeros fill the last group. */
    private static void pack(int[] values, int from, int to, int count, int width, Bytes out) {
        long bits = 0;
        int used = 0;
        for (int i = from; i < to; i++) {
            bits |= (i < count ? (long) values[i] : 0) << used;
            used += width;
            while (used >= 8) {
                out.put((int) bits & 0xff);
                bits >>>= 8;
                used -= 8;
            }
        }
    }
}
