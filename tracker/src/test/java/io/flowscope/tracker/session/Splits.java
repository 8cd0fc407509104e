package io.flowscope.tracker.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.function.Supplier;

/** Checks that a parser does not care how a stream is cut. */
public final class Splits {
    private static final int MAX_CUTS = 700;

    private Splits() {}

    /** Runs a conversation whole, cut in two at every place, byte by byte and at random. */
    public static <M> Talk.Run same(Talk talk, Supplier<? extends SessionParser<M>> parsers) {
        Talk.Run whole = talk.run(parsers, left -> left);
        check(whole, talk.run(parsers, left -> 1), "byte by byte");
        int length = talk.length();
        int step = Math.max(1, length / MAX_CUTS);
        for (int cut = 1; cut < length; cut += step) {
            int at = cut;
            int[] seen = {0};
            check(
                    whole,
                    talk.run(
                            parsers,
                            left -> {
                                int piece = seen[0] < at ? Math.min(left, at - seen[0]) : left;
                                seen[0] += piece;
                                return piece;
                            }),
                    "cut at " + at);
        }
        Random random = new Random(42);
        for (int round = 0; round < 50; round++) {
            int max = 1 + random.nextInt(1 + random.nextInt(200));
            check(whole, talk.run(parsers, left -> 1 + random.nextInt(max)), "random " + round);
        }
        return whole;
    }

    private static void check(Talk.Run expected, Talk.Run actual, String how) {
        assertEquals(expected.heard(), actual.heard(), how);
        assertEquals(expected.status(), actual.status(), how);
        assertEquals(expected.failure(), actual.failure(), how);
    }
}
