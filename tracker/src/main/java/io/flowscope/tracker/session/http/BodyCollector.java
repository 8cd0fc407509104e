package io.flowscope.tracker.session.http;

import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.buffer.GrowingBytes;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Takes one side's bodies, one after the other: counts, hashes, decodes and keeps. */
final class BodyCollector {
    private final HttpOptions options;
    private final byte[] scratch;
    private final GrowingBytes kept;
    private @Nullable MessageDigest digest;
    private @Nullable BodyDecoder decoder;
    private boolean decoding;
    private boolean overflowed;
    private long lengthBytes;
    private long gapBytes;

    BodyCollector(HttpOptions options, byte[] scratch) {
        this.options = options;
        this.scratch = scratch;
        this.kept = new GrowingBytes(options.keepBodyBytes());
    }

    void begin(Framing.Coding coding) {
        lengthBytes = 0;
        gapBytes = 0;
        overflowed = false;
        kept.clear();
        decoding =
                options.decodeBodies()
                        && options.keepBodyBytes() > 0
                        && (coding == Framing.Coding.GZIP || coding == Framing.Coding.DEFLATE);
        if (decoding) {
            if (decoder == null) {
                decoder = new BodyDecoder(scratch);
            }
            decoder.begin(coding == Framing.Coding.GZIP);
        }
        if (options.hashBodies()) {
            if (digest == null) {
                digest = newDigest();
            } else {
                digest.reset();
            }
        }
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether more bytes of this body matter, or only their number. */
    boolean wantsBytes() {
        return gapBytes == 0 && (options.hashBodies() || keeping());
    }

    private boolean keeping() {
        return options.keepBodyBytes() > 0
                && !overflowed
                && !(decoding && decoder != null && decoder.full());
    }

    void bytes(byte[] bytes, int from, int to) {
        lengthBytes += to - from;
        if (gapBytes > 0) {
            return;
        }
        if (digest != null) {
            digest.update(bytes, from, to - from);
        }
        if (decoding && decoder != null) {
            decoder.decode(bytes, from, to, kept);
        } else if (keeping()) {
            int fitting = Math.min(to - from, kept.room());
            kept.append(bytes, from, fitting);
            overflowed = fitting < to - from;
        }
    }

    /** Bytes that were there and do not matter. */
    void skip(long count) {
        lengthBytes += count;
    }

    /** Bytes that were not there. */
    void gap(long count) {
        gapBytes += count;
    }

    /** The body, whole or as far as it came. */
    HttpBody finish(boolean complete, HttpHeaders trailers) {
        HttpBody.Outcome outcome =
                gapBytes > 0
                        ? HttpBody.Outcome.GAPPED
                        : complete ? HttpBody.Outcome.COMPLETE : HttpBody.Outcome.CUT;
        ByteText sha256 = ByteText.EMPTY;
        if (digest != null && gapBytes == 0 && lengthBytes > 0) {
            byte[] hash = digest.digest();
            sha256 = ByteText.copyOf(hash, 0, hash.length);
        }
        ByteText content = ByteText.copyOf(kept.bytes(), 0, kept.length());
        HttpBody body =
                new HttpBody(outcome, lengthBytes, gapBytes, sha256, kind(), content, trailers);
        kept.clear();
        return body;
    }

    private HttpBody.Keeping kind() {
        if (options.keepBodyBytes() == 0 || lengthBytes == 0) {
            return HttpBody.Keeping.NOTHING;
        }
        if (decoding && decoder != null) {
            if (decoder.full()) {
                return HttpBody.Keeping.DECODED_LIMITED;
            }
            return gapBytes == 0 && decoder.whole()
                    ? HttpBody.Keeping.DECODED
                    : HttpBody.Keeping.DAMAGED;
        }
        return overflowed || gapBytes > 0 ? HttpBody.Keeping.LIMITED : HttpBody.Keeping.WHOLE;
    }

    int heldBytes() {
        return kept.heldBytes();
    }

    void close() {
        kept.release();
        if (decoder != null) {
            decoder.close();
            decoder = null;
        }
    }
}
