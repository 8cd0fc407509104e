package io.flowscope.tracker.session.http;

import io.flowscope.tracker.session.buffer.GrowingBytes;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Removes gzip (RFC 1952, several members) or deflate (zlib or raw) from a body that comes in
 * pieces. Stops for good when the output is full, so a small body that inflates to a huge one costs
 * no more than the output's limit.
 *
 * <pre>
 *   gzip: 1f 8b | method | flags | time 4 | extra flags | system | [extra] [name] [comment] [crc] |
 *         deflated … | crc 4 | length 4
 * </pre>
 */
final class BodyDecoder {
    private enum Step {
        FIXED,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        HEADER_CHECK,
        DATA,
        TRAILER,
        ZLIB_OR_RAW,
        FULL,
        DAMAGED
    }

    private static final int FLAG_CHECK = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int FIXED_BYTES = 10;
    private static final int TRAILER_BYTES = 8;

    private final byte[] scratch;
    private final byte[] one = new byte[1];
    private Inflater inflater;
    private boolean raw;
    private boolean gzip;
    private Step step = Step.FIXED;
    private int stepBytes;
    private int flags;
    private int extraBytes;
    private int first;
    private boolean finishedOnce;

    /** Works through a scratch array that it shares with other decoders of the thread. */
    BodyDecoder(byte[] scratch) {
        this.scratch = scratch;
        this.inflater = new Inflater(true);
        this.raw = true;
    }

    /** Begins a body. */
    void begin(boolean isGzip) {
        gzip = isGzip;
        finishedOnce = false;
        enter(isGzip ? Step.FIXED : Step.ZLIB_OR_RAW);
    }

    boolean full() {
        return step == Step.FULL;
    }

    /** Whether the coding ended where the body did. */
    boolean whole() {
        return finishedOnce
                && ((step == Step.FIXED && stepBytes == 0)
                        || (step == Step.TRAILER && stepBytes == TRAILER_BYTES));
    }

    private void enter(Step next) {
        step = next;
        stepBytes = 0;
    }

    /** Decodes a piece; what does not fit the output is lost. */
    void decode(byte[] bytes, int from, int to, GrowingBytes out) {
        int at = from;
        while (at < to && step != Step.FULL && step != Step.DAMAGED) {
            at = step == Step.DATA ? inflate(bytes, at, to, out) : header(bytes, at);
        }
    }

    /** Takes one byte of what is not deflated. */
    private int header(byte[] bytes, int at) {
        int b = bytes[at] & 0xff;
        stepBytes++;
        switch (step) {
            case FIXED -> fixed(b);
            case EXTRA_LENGTH -> {
                extraBytes |= b << (8 * (stepBytes - 1));
                if (stepBytes == 2) {
                    enter(Step.EXTRA);
                    afterHeader(extraBytes == 0);
                }
            }
            case EXTRA -> afterHeader(stepBytes == extraBytes);
            case NAME, COMMENT -> afterHeader(b == 0);
            case HEADER_CHECK -> afterHeader(stepBytes == 2);
            case TRAILER -> trailer();
            case ZLIB_OR_RAW -> {
                return zlibOrRaw(b, at);
            }
            case DATA, FULL, DAMAGED -> {}
        }
        return at + 1;
    }

    private void fixed(int b) {
        if ((stepBytes == 1 && b != 0x1f)
                || (stepBytes == 2 && b != 0x8b)
                || (stepBytes == 3 && b != 8)) {
            enter(finishedOnce ? Step.TRAILER : Step.DAMAGED);
            stepBytes = TRAILER_BYTES;
        } else if (stepBytes == 4) {
            flags = b;
        } else if (stepBytes == FIXED_BYTES) {
            extraBytes = 0;
            afterHeader(true);
        }
    }

    /** Goes to the next part of the header that the flags announce. */
    private void afterHeader(boolean complete) {
        if (!complete) {
            return;
        }
        Step from = step;
        if (from == Step.FIXED && (flags & FLAG_EXTRA) != 0) {
            enter(Step.EXTRA_LENGTH);
        } else if (from.compareTo(Step.NAME) < 0 && (flags & FLAG_NAME) != 0) {
            enter(Step.NAME);
        } else if (from.compareTo(Step.COMMENT) < 0 && (flags & FLAG_COMMENT) != 0) {
            enter(Step.COMMENT);
        } else if (from.compareTo(Step.HEADER_CHECK) < 0 && (flags & FLAG_CHECK) != 0) {
            enter(Step.HEADER_CHECK);
        } else {
            startData(true);
        }
    }

    private void startData(boolean rawDeflate) {
        if (raw != rawDeflate) {
            inflater.end();
            inflater = new Inflater(rawDeflate);
            raw = rawDeflate;
        } else {
            inflater.reset();
        }
        enter(Step.DATA);
    }

    /** After a member: its trailer, then perhaps another member; anything else is passed over. */
    private void trailer() {
        if (!gzip) {
            stepBytes = TRAILER_BYTES;
        } else if (stepBytes == TRAILER_BYTES) {
            enter(Step.FIXED);
        } else if (stepBytes > TRAILER_BYTES) {
            stepBytes = TRAILER_BYTES;
        }
    }

    /**
     * Senders disagree whether deflate has a zlib header: the first two bytes tell. The first alone
     * can make no output, so the inflater may have it ahead of the rest.
     */
    private int zlibOrRaw(int b, int at) {
        if (stepBytes == 1) {
            first = b;
            if ((b & 15) != 8) {
                startData(true);
                return at;
            }
            return at + 1;
        }
        startData(((first << 8) | b) % 31 != 0);
        one[0] = (byte) first;
        inflater.setInput(one);
        try {
            inflater.inflate(scratch);
        } catch (DataFormatException e) {
            enter(Step.DAMAGED);
        }
        return at;
    }

    private int inflate(byte[] bytes, int from, int to, GrowingBytes out) {
        inflater.setInput(bytes, from, to - from);
        while (!inflater.finished()) {
            long before = inflater.getBytesWritten();
            boolean damaged = false;
            try {
                inflater.inflate(scratch);
            } catch (DataFormatException e) {
                damaged = true;
            }
            // What was made before the damage counts, so that the pieces' sizes do not matter.
            int made = (int) (inflater.getBytesWritten() - before);
            int fitting = Math.min(made, out.room());
            out.append(scratch, 0, fitting);
            if (fitting < made) {
                enter(Step.FULL);
                return to;
            }
            boolean stuck = made == 0 && !inflater.finished() && !inflater.needsInput();
            if (damaged || stuck) {
                enter(Step.DAMAGED);
                return to;
            }
            if (made == 0 && !inflater.finished()) {
                return to;
            }
        }
        int rest = inflater.getRemaining();
        finishedOnce = true;
        enter(Step.TRAILER);
        stepBytes = gzip ? 0 : TRAILER_BYTES;
        return to - rest;
    }

    /** Frees the native memory of the inflater. */
    void close() {
        inflater.end();
    }
}
