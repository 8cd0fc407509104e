package io.flowscope.capture;

import java.util.StringJoiner;

/**
 * How to read a capture file.
 *
 * @param mapped map the file into memory instead of reading it piece by piece; see {@link
 *     Builder#mapped}
 * @param readBytes how much to read at once
 * @param largestPacketBytes a packet that claims to be longer is damage; messages of USB and D-Bus
 *     may always be up to 128 MiB
 * @param batchPackets most packets of a batch
 */
public record CaptureFileOptions(
        boolean mapped, int readBytes, int largestPacketBytes, int batchPackets) {
    private static final int LEAST_READ_BYTES = 4_096;
    private static final int MOST_READ_BYTES = 64 << 20;
    private static final int MOST_PACKET_BYTES = 128 << 20;
    private static final int MOST_BATCH_PACKETS = 65_536;

    /** Checks all values. */
    public CaptureFileOptions {
        var wrong = new StringJoiner("; ");
        between(wrong, "readBytes", readBytes, LEAST_READ_BYTES, MOST_READ_BYTES);
        between(wrong, "largestPacketBytes", largestPacketBytes, 1, MOST_PACKET_BYTES);
        between(wrong, "batchPackets", batchPackets, 1, MOST_BATCH_PACKETS);
        if (wrong.length() > 0) {
            throw new IllegalArgumentException(wrong.toString());
        }
    }

    private static void between(StringJoiner wrong, String name, int value, int least, int most) {
        if (value < least || value > most) {
            wrong.add(name + ": from " + least + " to " + most + ", was " + value);
        }
    }

    /** What suits most files. */
    public static CaptureFileOptions standard() {
        return builder().build();
    }

    /** With what suits most files. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the values of {@link CaptureFileOptions}. */
    public static final class Builder {
        private boolean mapped;
        private int readBytes = 1 << 20;
        private int largestPacketBytes = 256 << 10;
        private int batchPackets = 512;

        private Builder() {}

        /**
         * Maps the file: no copying, but as much memory resident as was read. Holds for
         * uncompressed regular files; others are read.
         *
         * <p>If somebody shortens a mapped file while it is being read, the reading ends with a
         * {@link CaptureException}, as far as packets are touched by Java code. A handler must not
         * give a mapped file's packets to native code, a checksum or a digest: there, the JVM
         * itself would end. Without mapping nothing of this can happen.
         */
        public Builder mapped(boolean value) {
            mapped = value;
            return this;
        }

        /** See {@link CaptureFileOptions#readBytes}; 1 MiB unless set. */
        public Builder readBytes(int value) {
            readBytes = value;
            return this;
        }

        /** See {@link CaptureFileOptions#largestPacketBytes}; 256 KiB unless set. */
        public Builder largestPacketBytes(int value) {
            largestPacketBytes = value;
            return this;
        }

        /** See {@link CaptureFileOptions#batchPackets}; 512 unless set. */
        public Builder batchPackets(int value) {
            batchPackets = value;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException naming every value that is out of range
         */
        public CaptureFileOptions build() {
            return new CaptureFileOptions(mapped, readBytes, largestPacketBytes, batchPackets);
        }
    }
}
