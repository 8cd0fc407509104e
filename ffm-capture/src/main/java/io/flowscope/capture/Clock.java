package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

/**
 * How an interface of a pcapng file counts time: ticks of a power of ten or of two parts of a
 * second, from an offset on. Results outside the years that nanoseconds in a long can hold are
 * brought to the nearest one.
 */
final class Clock {
    /** Microseconds since the epoch: what holds when the file does not say. */
    static final Clock MICROSECONDS = new Clock(1_000, 1, -1, 0);

    private static final int MOST_DECIMAL_DIGITS = 19;
    private static final int MOST_BINARY_DIGITS = 63;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long nanosPerTick;
    private final long ticksPerNano;

    /** Binary digits of the fraction; -1 for a decimal clock. */
    private final int binaryDigits;

    private final long offsetNanos;

    /** A tick count up to here needs no care. */
    private final long mostTicks;

    private Clock(long nanosPerTick, long ticksPerNano, int binaryDigits, long offsetNanos) {
        this.nanosPerTick = nanosPerTick;
        this.ticksPerNano = ticksPerNano;
        this.binaryDigits = binaryDigits;
        this.offsetNanos = offsetNanos;
        boolean simple = binaryDigits < 0 && ticksPerNano == 1 && offsetNanos == 0;
        mostTicks = simple ? Long.MAX_VALUE / nanosPerTick : -1;
    }

    /**
     * From the options of an interface.
     *
     * @param resolution if_tsresol: digits after the point; the top bit says that they are binary
     * @param offsetSeconds if_tsoffset
     * @return null if there is no such clock
     */
    static @Nullable Clock of(int resolution, long offsetSeconds) {
        int digits = resolution & 0x7F;
        long offset = saturatedNanos(offsetSeconds);
        if ((resolution & 0x80) != 0) {
            return digits > MOST_BINARY_DIGITS ? null : new Clock(1, 1, digits, offset);
        }
        if (digits > MOST_DECIMAL_DIGITS) {
            return null;
        }
        return digits <= 9
                ? new Clock(powerOfTen(9 - digits), 1, -1, offset)
                : new Clock(1, powerOfTen(digits - 9), -1, offset);
    }

    private static long powerOfTen(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }

    /** Nanoseconds since the epoch for a count of ticks, which is unsigned. */
    long nanos(long ticks) {
        if (ticks >= 0 && ticks <= mostTicks) {
            return ticks * nanosPerTick;
        }
        return carefully(ticks);
    }

    private long carefully(long ticks) {
        long nanos;
        if (binaryDigits >= 0) {
            long seconds = binaryDigits == 0 ? ticks : ticks >>> binaryDigits;
            long fraction = binaryDigits == 0 ? 0 : ticks & (-1L >>> (64 - binaryDigits));
            long high = Math.multiplyHigh(fraction, NANOS_PER_SECOND);
            long low = fraction * NANOS_PER_SECOND;
            long part = binaryDigits == 0 ? 0 : high << (64 - binaryDigits) | low >>> binaryDigits;
            nanos = seconds < 0 ? Long.MAX_VALUE : saturatedSum(saturatedNanos(seconds), part);
        } else if (ticksPerNano > 1) {
            nanos = Long.divideUnsigned(ticks, ticksPerNano);
        } else {
            boolean tooMany = ticks < 0 || ticks > Long.MAX_VALUE / nanosPerTick;
            nanos = tooMany ? Long.MAX_VALUE : ticks * nanosPerTick;
        }
        return saturatedSum(nanos, offsetNanos);
    }

    private static long saturatedNanos(long seconds) {
        long most = Long.MAX_VALUE / NANOS_PER_SECOND;
        if (seconds > most) {
            return Long.MAX_VALUE;
        }
        return seconds < -most ? Long.MIN_VALUE : seconds * NANOS_PER_SECOND;
    }

    private static long saturatedSum(long a, long b) {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) < 0) {
            return a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return sum;
    }
}
