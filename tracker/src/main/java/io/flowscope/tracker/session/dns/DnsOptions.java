package io.flowscope.tracker.session.dns;

import java.time.Duration;

/**
 * How DNS is read.
 *
 * @param responseTimeout after which a query counts as unanswered, in packet time; default 30 s
 * @param maxPending queries remembered over all flows of a tracker; the oldest is forgotten for a
 *     new one. Default 10 000
 */
public record DnsOptions(Duration responseTimeout, int maxPending) {
    /** The defaults. */
    public static final DnsOptions DEFAULT = new DnsOptions(Duration.ofSeconds(30), 10_000);

    /** Checks both values. */
    public DnsOptions {
        StringBuilder mistakes = new StringBuilder();
        if (responseTimeout.isNegative()
                || responseTimeout.isZero()
                || responseTimeout.compareTo(Duration.ofDays(1)) > 0) {
            mistakes.append("responseTimeout: more than 0, at most 1 day, was ")
                    .append(responseTimeout);
        }
        if (maxPending < 0 || maxPending > 10_000_000) {
            mistakes.append(mistakes.isEmpty() ? "" : "; ")
                    .append("maxPending: 0 to 10000000, was ")
                    .append(maxPending);
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(mistakes.toString());
        }
    }
}
