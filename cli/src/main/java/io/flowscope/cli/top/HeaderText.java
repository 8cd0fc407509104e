package io.flowscope.cli.top;

import io.flowscope.cli.output.HumanText;
import io.flowscope.cli.top.Moment.Counts;
import io.flowscope.cli.top.Moment.Rates;
import io.flowscope.tracker.LatencyHistogram;

import java.util.Arrays;
import java.util.Locale;

/** The lines above the flows. */
final class HeaderText {
    private static final String HINT = "? keys, q leaves";

    private final Moment of;

    HeaderText(Moment of) {
        this.of = of;
    }

    /** What is watched and for how long; on the right how it is shown. */
    String title(Layout.Display display, int width) {
        String source = PlainText.of(of.source());
        String state = of.over() ? "ended" : of.live() ? "live" : "reading";
        String left = "flowscope top  " + source + "  " + state + "  " + clock(of.elapsedNanos());
        String right = (display.paused() ? "PAUSED  " : "") + "by " + display.sort();
        String more = display.hint() ? right + "  " + HINT : right;
        for (String each : new String[] {more, right}) {
            if (left.length() + 2 + each.length() <= width) {
                return left + " ".repeat(width - left.length() - each.length()) + each;
            }
        }
        return left;
    }

    /** Such as 0:05, 59:59, 1:00:00. */
    private static String clock(long nanos) {
        long seconds = nanos / 1_000_000_000;
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d",
                        seconds / 3600,
                        seconds / 60 % 60,
                        seconds % 60);
    }

    /** What a second brings. */
    String rates() {
        Rates rates = of.rates();
        Counts totals = of.totals();
        return count(rates.packets())
                + " packets/s  "
                + bits(rates.bits())
                + "  flows: "
                + count(totals.live())
                + " live, "
                + count(rates.started())
                + " new/s, "
                + count(rates.finished())
                + " ended/s"
                + (of.over() ? "  (mean)" : "");
    }

    /** What came in all, and what of it was lost or not understood. */
    String losses() {
        Counts totals = of.totals();
        StringBuilder line = new StringBuilder();
        line.append(count(totals.packets())).append(" packets, ");
        line.append(HumanText.bytes(totals.bytes())).append(", ");
        line.append(count(totals.started())).append(" flows");
        if (of.live()) {
            line.append("; ").append(count(totals.drops())).append(" dropped");
            append(line, totals.freezes(), "times the ring was full");
        }
        append(line, totals.unmatched(), "unmatched");
        append(line, totals.evicted(), "evicted");
        return line.toString();
    }

    private static void append(StringBuilder line, long number, String what) {
        if (number > 0) {
            line.append(", ").append(count(number)).append(' ').append(what);
        }
    }

    /** Upper bounds of the buckets that the middle one and the last but one percent are in. */
    String roundTrips() {
        long count = Arrays.stream(of.roundTrips()).sum();
        String when = of.live() ? " in the last minute" : "";
        if (count == 0) {
            return "no TCP round trip" + when;
        }
        return "TCP round trips"
                + when
                + ": half "
                + bound(count, 0.5)
                + ", 99 % "
                + bound(count, 0.99);
    }

    private String bound(long count, double share) {
        long[] buckets = of.roundTrips();
        long below = 0;
        for (int i = 0; i < buckets.length - 1; i++) {
            below += buckets[i];
            if (below >= share * count) {
                return "<= " + HumanText.duration(LatencyHistogram.boundNanos(i)).replace('µ', 'u');
            }
        }
        long longest = LatencyHistogram.boundNanos(LatencyHistogram.BUCKETS - 1);
        return "> " + HumanText.duration(longest);
    }

    /** How the speed has changed. */
    String speed(int width, boolean unicode) {
        long[] bits = of.bits();
        long peak = Arrays.stream(bits).max().orElse(-1);
        String label = "  peak " + bits(peak);
        int room = Math.max(0, width - label.length());
        return Sparkline.of(bits, room, !of.live(), unicode) + label;
    }

    private static String count(long number) {
        return number < 0 ? "-" : HumanText.count(number);
    }

    /** Such as 0 bit/s, 98.1 Mbit/s. */
    static String bits(long bits) {
        String number = Compact.number(bits);
        boolean hasUnit = Character.isLetter(number.charAt(number.length() - 1));
        int digits = number.length() - (hasUnit ? 1 : 0);
        return number.substring(0, digits) + " " + number.substring(digits) + "bit/s";
    }
}
