package io.flowscope.capture;

import java.util.StringJoiner;
import java.util.function.IntFunction;

/**
 * How to write a capture. Rotation needs a file, not a stream; 0 switches a limit off.
 *
 * @param layout pcap or pcapng
 * @param compression of the whole file
 * @param snapLength longer packets are cut to this many bytes
 * @param bufferBytes what is gathered before it is written
 * @param flushNanos after this much time of the packets' own clock, what was gathered is written at
 *     the next batch; 0 writes each batch at once
 * @param rotateBytes a file does not get longer than that, before compression
 * @param rotateNanos a file does not span more time than that
 * @param rotatePackets a file does not get more packets than that
 * @param ringFiles when there are more files than that the oldest is deleted
 * @param application what pcapng says who wrote it
 * @param interfaceNames names for pcapng, by the interface numbers of the descriptors; an empty
 *     text if there is none
 */
public record CaptureWriterOptions(
        Layout layout,
        Compression compression,
        int snapLength,
        int bufferBytes,
        long flushNanos,
        long rotateBytes,
        long rotateNanos,
        long rotatePackets,
        int ringFiles,
        String application,
        IntFunction<String> interfaceNames) {
    /** The layouts that can be written. */
    public enum Layout {
        /** Classic pcap with microseconds: what is finer is lost. One link type per file. */
        PCAP_MICROSECONDS,
        /** Classic pcap with nanoseconds. One link type per file. */
        PCAP_NANOSECONDS,
        /** pcapng with nanoseconds, interfaces and directions. */
        PCAPNG
    }

    /** The compressions that can be written. */
    public enum Compression {
        /** As it is. */
        NONE,
        /** gzip. */
        GZIP,
        /** zstd; needs libzstd. */
        ZSTD
    }

    /** Checks all values. */
    public CaptureWriterOptions {
        var wrong = new StringJoiner("; ");
        require(wrong, "snapLength: from 1 to 262144", snapLength, 1, 262_144);
        require(wrong, "bufferBytes: from 4096 to 67108864", bufferBytes, 4_096, 64 << 20);
        require(wrong, "flushNanos: ≥ 0", flushNanos, 0, Long.MAX_VALUE);
        require(wrong, "rotateBytes: 0 or ≥ 1000", rotateBytes, 1_000, Long.MAX_VALUE);
        require(wrong, "rotateNanos: ≥ 0", rotateNanos, 0, Long.MAX_VALUE);
        require(wrong, "rotatePackets: ≥ 0", rotatePackets, 0, Long.MAX_VALUE);
        require(wrong, "ringFiles: ≥ 0", ringFiles, 0, Integer.MAX_VALUE);
        if (ringFiles > 0 && (rotateBytes | rotateNanos | rotatePackets) == 0) {
            wrong.add("ringFiles: needs a limit for the single file");
        }
        if (wrong.length() > 0) {
            throw new IllegalArgumentException(wrong.toString());
        }
    }

    private static void require(
            StringJoiner wrong, String rule, long value, long least, long most) {
        boolean off = value == 0 && rule.contains(" 0 or ");
        if (!off && (value < least || value > most)) {
            wrong.add(rule + ", was " + value);
        }
    }

    boolean rotates() {
        return (rotateBytes | rotateNanos | rotatePackets) != 0;
    }

    /** pcapng with nanoseconds in one file that grows. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the values of {@link CaptureWriterOptions}. */
    public static final class Builder {
        private Layout layout = Layout.PCAPNG;
        private Compression compression = Compression.NONE;
        private int snapLength = 262_144;
        private int bufferBytes = 1 << 20;
        private long flushNanos = 1_000_000_000L;
        private long rotateBytes;
        private long rotateNanos;
        private long rotatePackets;
        private int ringFiles;
        private String application = "Flowscope";
        private IntFunction<String> interfaceNames = number -> "";

        private Builder() {}

        /** See {@link CaptureWriterOptions#layout}; pcapng unless set. */
        public Builder layout(Layout value) {
            layout = value;
            return this;
        }

        /** See {@link CaptureWriterOptions#compression}; none unless set. */
        public Builder compression(Compression value) {
            compression = value;
            return this;
        }

        /** See {@link CaptureWriterOptions#snapLength}; 262,144 unless set. */
        public Builder snapLength(int value) {
            snapLength = value;
            return this;
        }

        /** See {@link CaptureWriterOptions#bufferBytes}; 1 MiB unless set. */
        public Builder bufferBytes(int value) {
            bufferBytes = value;
            return this;
        }

        /** See {@link CaptureWriterOptions#flushNanos}; one second unless set. */
        public Builder flushNanos(long value) {
            flushNanos = value;
            return this;
        }

        /** See {@link CaptureWriterOptions#rotateBytes}. */
        public Builder rotateBytes(long value) {
            rotateBytes = value;
            return this;
        }

        /** See {@link CaptureWriterOptions#rotateNanos}. */
        public Builder rotateNanos(long value) {
            rotateNanos = value;
            return this;
        }

        /** See {@link CaptureWriterOptions#rotatePackets}. */
        public Builder rotatePackets(long value) {
            rotatePackets = value;
            return this;
        }

        /** See {@link CaptureWriterOptions#ringFiles}. */
        public Builder ringFiles(int value) {
            ringFiles = value;
            return this;
        }

        /** See {@link CaptureWriterOptions#application}. */
        public Builder application(String value) {
            application = value;
            return this;
        }

        /** See {@link CaptureWriterOptions#interfaceNames}. */
        public Builder interfaceNames(IntFunction<String> value) {
            interfaceNames = value;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException naming every value that is out of range
         */
        public CaptureWriterOptions build() {
            return new CaptureWriterOptions(
                    layout,
                    compression,
                    snapLength,
                    bufferBytes,
                    flushNanos,
                    rotateBytes,
                    rotateNanos,
                    rotatePackets,
                    ringFiles,
                    application,
                    interfaceNames);
        }
    }
}
