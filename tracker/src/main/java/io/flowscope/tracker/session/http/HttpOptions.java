package io.flowscope.tracker.session.http;

/**
 * How HTTP is read.
 *
 * @param maxHeadBytes longest request or status line with its headers; beyond it the parser fails.
 *     Default 64 KiB
 * @param maxHeaders headers kept of a message; default 64
 * @param keepBodyBytes bytes of a body kept, after decoding; 0 keeps none. Default 1 MiB
 * @param decodeBodies remove gzip and deflate from what is kept; default true
 * @param hashBodies compute the SHA-256 of bodies; default false
 * @param maxPipelined requests that may wait for their responses; beyond it the parser fails.
 *     Default 256
 */
public record HttpOptions(
        int maxHeadBytes,
        int maxHeaders,
        int keepBodyBytes,
        boolean decodeBodies,
        boolean hashBodies,
        int maxPipelined) {
    /** The defaults. */
    public static final HttpOptions DEFAULT = builder().build();

    /** Checks all values. */
    public HttpOptions {
        StringBuilder mistakes = new StringBuilder();
        check(mistakes, "maxHeadBytes", maxHeadBytes, 256, 1 << 20);
        check(mistakes, "maxHeaders", maxHeaders, 1, 4096);
        check(mistakes, "keepBodyBytes", keepBodyBytes, 0, 1 << 30);
        check(mistakes, "maxPipelined", maxPipelined, 1, 65536);
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(mistakes.toString());
        }
    }

    private static void check(StringBuilder mistakes, String name, int value, int min, int max) {
        if (value < min || value > max) {
            mistakes.append(mistakes.isEmpty() ? "" : "; ");
            mistakes.append(name).append(": ").append(min).append(" to ").append(max);
            mistakes.append(", was ").append(value);
        }
    }

    /** A builder that begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Gathers options; {@link #build()} checks them. */
    public static final class Builder {
        private int maxHeadBytes = 64 * 1024;
        private int maxHeaders = 64;
        private int keepBodyBytes = 1 << 20;
        private boolean decodeBodies = true;
        private boolean hashBodies;
        private int maxPipelined = 256;

        private Builder() {}

        /** See {@link HttpOptions#maxHeadBytes()}. */
        public Builder maxHeadBytes(int value) {
            maxHeadBytes = value;
            return this;
        }

        /** See {@link HttpOptions#maxHeaders()}. */
        public Builder maxHeaders(int value) {
            maxHeaders = value;
            return this;
        }

        /** See {@link HttpOptions#keepBodyBytes()}. */
        public Builder keepBodyBytes(int value) {
            keepBodyBytes = value;
            return this;
        }

        /** See {@link HttpOptions#decodeBodies()}. */
        public Builder decodeBodies(boolean value) {
            decodeBodies = value;
            return this;
        }

        /** See {@link HttpOptions#hashBodies()}. */
        public Builder hashBodies(boolean value) {
            hashBodies = value;
            return this;
        }

        /** See {@link HttpOptions#maxPipelined()}. */
        public Builder maxPipelined(int value) {
            maxPipelined = value;
            return this;
        }

        /** The options; throws with all mistakes in one message. */
        public HttpOptions build() {
            return new HttpOptions(
                    maxHeadBytes,
                    maxHeaders,
                    keepBodyBytes,
                    decodeBodies,
                    hashBodies,
                    maxPipelined);
        }
    }
}
