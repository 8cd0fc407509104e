package io.flowscope.cli.output;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A byte buffer of fixed size before a stream: text, numbers and raw bytes are written as bytes at
 * once, with no string in between. One thread writes; any thread may read {@link #bytesWritten}.
 *
 * <p>A failed write is thrown as {@link OutputFailure} and remembered: everything after it throws
 * the same again, so nothing is written behind a hole.
 */
public final class ByteSink {
    private static final int CAPACITY_BYTES = 1 << 16;
    private static final long[] POWERS_OF_TEN = new long[19];

    static {
        long power = 1;
        for (int i = 0; i < POWERS_OF_TEN.length; i++, power *= 10) {
            POWERS_OF_TEN[i] = power;
        }
    }

    private final OutputStream out;
    private final byte[] buffer = new byte[CAPACITY_BYTES];
    private int used;
    private long written;
    private volatile long bytesWritten; // what others see of `written`
    private volatile @Nullable IOException failure;

    /** Writes to the stream; does not close it. */
    public ByteSink(OutputStream out) {
        this.out = out;
    }

    /** Bytes that the stream has accepted; grows while output progresses. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Whether a write has failed, and all further ones will. */
    public boolean hasFailed() {
        return failure != null;
    }

    /** One byte, such as an ASCII character. */
    public ByteSink put(int character) {
        if (used == CAPACITY_BYTES) {
            drain();
        }
        buffer[used++] = (byte) character;
        return this;
    }

    /** Text as UTF-8. */
    public ByteSink put(String text) {
        int length = text.length();
        if (length > CAPACITY_BYTES / 3) {
            return put(text.getBytes(StandardCharsets.UTF_8));
        }
        ensure(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                used -= i;
                return put(text.getBytes(StandardCharsets.UTF_8));
            }
            buffer[used++] = (byte) c;
        }
        return this;
    }

    /** Bytes as they are. */
    public ByteSink put(byte[] bytes) {
        return put(bytes, 0, bytes.length);
    }

    /** A range of bytes as they are. */
    public ByteSink put(byte[] bytes, int offset, int length) {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (used == CAPACITY_BYTES) {
                drain();
            }
            int chunk = Math.min(left, CAPACITY_BYTES - used);
            System.arraycopy(bytes, from, buffer, used, chunk);
            used += chunk;
            from += chunk;
            left -= chunk;
        }
        return this;
    }

    /** A decimal number. */
    public ByteSink put(long number) {
        if (number < 0) {
            if (number == Long.MIN_VALUE) {
                return put(Long.toString(number));
            }
            return put('-').put(-number);
        }
        return putDigits(number, digits(number));
    }

    /** A non-negative number with leading zeros up to the width. */
    public ByteSink putPadded(long number, int width) {
        return putDigits(number, Math.max(width, digits(number)));
    }

    /**
     * Nanoseconds as seconds with nine decimals. Times before the epoch keep their sign in front:
     * -1 is {@code -0.000000001}.
     */
    public ByteSink putSeconds(long nanos) {
        long magnitude = nanos;
        if (nanos < 0) {
            put('-');
            magnitude = nanos == Long.MIN_VALUE ? Long.MAX_VALUE : -nanos;
        }
        put(magnitude / 1_000_000_000L).put('.');
        return putDigits(magnitude % 1_000_000_000L, 9);
    }

    /** Nanoseconds as seconds with six decimals, cut and not rounded. */
    public ByteSink putSecondsMicros(long nanos) {
        long magnitude = nanos;
        if (nanos < 0) {
            put('-');
            magnitude = nanos == Long.MIN_VALUE ? Long.MAX_VALUE : -nanos;
        }
        put(magnitude / 1_000_000_000L).put('.');
        return putDigits(magnitude % 1_000_000_000L / 1_000L, 6);
    }

    /** Hands everything to the stream. */
    public void flush() {
        drain();
        try {
            out.flush();
        } catch (IOException e) {
            fail(e);
        }
    }

    private ByteSink putDigits(long number, int width) {
        ensure(width);
        long rest = number;
        for (int i = used + width - 1; i >= used; i--) {
            long tenth = rest / 10;
            buffer[i] = (byte) ('0' + (rest - tenth * 10));
            rest = tenth;
        }
        used += width;
        return this;
    }

    private static int digits(long number) {
        int digits = 1;
        while (digits < POWERS_OF_TEN.length && number >= POWERS_OF_TEN[digits]) {
            digits++;
        }
        return digits;
    }

    private void ensure(int bytes) {
        if (used + bytes > CAPACITY_BYTES) {
            drain();
        }
    }

    private void drain() {
        if (failure != null) {
            throw new OutputFailure(failure);
        }
        int length = used;
        used = 0;
        if (length == 0) {
            return;
        }
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            fail(e);
        }
        written += length;
        bytesWritten = written;
    }

    private void fail(IOException e) {
        failure = e;
        throw new OutputFailure(e);
    }
}
