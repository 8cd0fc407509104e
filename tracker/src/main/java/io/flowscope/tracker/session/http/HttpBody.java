package io.flowscope.tracker.session.http;

import io.flowscope.tracker.session.ByteText;

/**
 * A message's body.
 *
 * @param outcome whether it was seen whole
 * @param lengthBytes bytes seen, transfer coding removed, content coding not
 * @param gapBytes bytes missing within it
 * @param sha256 of the bytes that {@code lengthBytes} counts; empty if hashing is off, nothing was
 *     there, or bytes were missing within
 * @param keeping what is in {@code kept}
 * @param kept the first bytes, content coding removed if it is gzip or deflate and decoding is on
 * @param trailers headers after the last chunk
 */
public record HttpBody(
        Outcome outcome,
        long lengthBytes,
        long gapBytes,
        ByteText sha256,
        Keeping keeping,
        ByteText kept,
        HttpHeaders trailers) {

    /** How much of the body was seen. */
    public enum Outcome {
        /** There is none. */
        NONE,
        /** All of it. */
        COMPLETE,
        /** The stream ended before it did. */
        CUT,
        /** Bytes are missing within it. */
        GAPPED
    }

    /** How much of what was seen is kept. */
    public enum Keeping {
        /** Nothing, because there is nothing or the options say so. */
        NOTHING,
        /** All, as sent. */
        WHOLE,
        /** All, decoded. */
        DECODED,
        /** As sent, up to the limit. */
        LIMITED,
        /** Decoded, up to the limit. */
        DECODED_LIMITED,
        /** What could be decoded before the coding proved damaged or ended early. */
        DAMAGED
    }

    static final HttpBody NOTHING =
            new HttpBody(
                    Outcome.NONE,
                    0,
                    0,
                    ByteText.EMPTY,
                    Keeping.NOTHING,
                    ByteText.EMPTY,
                    HttpHeaders.NONE);
}
