package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a {@link RingCapture} is to do.
 *
 * @param interfaceName to capture from
 * @param blockBytes size of one block; a packet does not cross blocks
 * @param blockCount how many blocks; fewer if there is not enough memory
 * @param retireMillis a block that is not full is handed over after this time
 * @param snapBytes at most so much of a packet is captured
 * @param promiscuous see packets for other hosts as well
 * @param ignoreOutgoing leave out what this host sends; always so on a loopback interface, where
 *     every packet would be there twice
 * @param hardwareTimestamps use the network adapter's clock where it has one
 * @param busyPollMicros look for packets so long before going to sleep; 0: sleep at once
 * @param filter what to capture, empty for everything
 * @param fanout how to share packets with other rings, null: not at all
 * @param listener told of what happens to the interface
 */
public record RingOptions(
        String interfaceName,
        int blockBytes,
        int blockCount,
        int retireMillis,
        int snapBytes,
        boolean promiscuous,
        boolean ignoreOutgoing,
        boolean hardwareTimestamps,
        int busyPollMicros,
        String filter,
        @Nullable Fanout fanout,
        CaptureListener listener) {
    private static final int MIN_BLOCK_BYTES = 4096;
    private static final int MAX_BLOCK_BYTES = 1 << 26;
    private static final int MAX_BLOCK_COUNT = 1 << 16;
    private static final int MAX_SNAP_BYTES = 1 << 18;
    private static final int MAX_MILLIS = 60_000;
    private static final int MAX_NAME = 15;

    /** Refuses values that make no sense, all of them in one message. */
    public RingOptions {
        List<String> wrong = new ArrayList<>();
        if (interfaceName.isEmpty() || interfaceName.length() > MAX_NAME) {
            wrong.add("interfaceName: 1 to 15 characters, was '" + interfaceName + "'");
        }
        if (Integer.bitCount(blockBytes) != 1
                || blockBytes < MIN_BLOCK_BYTES
                || blockBytes > MAX_BLOCK_BYTES) {
            wrong.add("blockBytes: power of two from 4096 to 64 MiB, was " + blockBytes);
        }
        check(wrong, "blockCount", blockCount, 2, MAX_BLOCK_COUNT);
        check(wrong, "retireMillis", retireMillis, 1, MAX_MILLIS);
        check(wrong, "snapBytes", snapBytes, 1, MAX_SNAP_BYTES);
        check(wrong, "busyPollMicros", busyPollMicros, 0, 1_000_000);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", wrong));
        }
    }

    private static void check(List<String> wrong, String name, int value, int least, int most) {
        if (value < least || value > most) {
            wrong.add("%s: %d to %d, was %d".formatted(name, least, most, value));
        }
    }

    /** The options of a profile for an interface. */
    public static RingOptions of(String interfaceName, RingProfile profile) {
        return builder(interfaceName).profile(profile).build();
    }

    /** Begins with the throughput profile. */
    public static Builder builder(String interfaceName) {
        return new Builder(interfaceName);
    }

    /** A builder that begins with these options. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    long ringBytes() {
        return (long) blockBytes * blockCount;
    }

    /** Collects options. */
    public static final class Builder {
        private String interfaceName;
        private int blockBytes;
        private int blockCount;
        private int retireMillis;
        private int snapBytes;
        private boolean promiscuous;
        private boolean ignoreOutgoing;
        private boolean hardwareTimestamps;
        private int busyPollMicros;
        private String filter = "";
        private @Nullable Fanout fanout;
        private CaptureListener listener = event -> {};

        private Builder(String interfaceName) {
            this.interfaceName = Objects.requireNonNull(interfaceName);
            profile(RingProfile.THROUGHPUT);
        }

        private Builder(RingOptions from) {
            interfaceName = from.interfaceName;
            blockBytes = from.blockBytes;
            blockCount = from.blockCount;
            retireMillis = from.retireMillis;
            snapBytes = from.snapBytes;
            promiscuous = from.promiscuous;
            ignoreOutgoing = from.ignoreOutgoing;
            hardwareTimestamps = from.hardwareTimestamps;
            busyPollMicros = from.busyPollMicros;
            filter = from.filter;
            fanout = from.fanout;
            listener = from.listener;
        }

        /** The interface to capture from. */
        public Builder interfaceName(String name) {
            interfaceName = Objects.requireNonNull(name);
            return this;
        }

        /** Sets block size, block count, retire time and snap length at once. */
        public final Builder profile(RingProfile profile) {
            blockBytes = profile.blockBytes;
            blockCount = profile.blockCount;
            retireMillis = profile.retireMillis;
            snapBytes = profile.snapBytes;
            return this;
        }

        /** Size of one block, a power of two from 4096. */
        public Builder blockBytes(int bytes) {
            blockBytes = bytes;
            return this;
        }

        /** How many blocks, from 2. */
        public Builder blockCount(int count) {
            blockCount = count;
            return this;
        }

        /** When a block that is not full is handed over, from 1. */
        public Builder retireMillis(int millis) {
            retireMillis = millis;
            return this;
        }

        /** At most so much of a packet. */
        public Builder snapBytes(int bytes) {
            snapBytes = bytes;
            return this;
        }

        /** Whether to see packets for other hosts as well. */
        public Builder promiscuous(boolean on) {
            promiscuous = on;
            return this;
        }

        /** Whether to leave out what this host sends. */
        public Builder ignoreOutgoing(boolean on) {
            ignoreOutgoing = on;
            return this;
        }

        /** Whether to use the network adapter's clock; needs CAP_NET_ADMIN to switch it on. */
        public Builder hardwareTimestamps(boolean on) {
            hardwareTimestamps = on;
            return this;
        }

        /** How long to look for packets before going to sleep. */
        public Builder busyPollMicros(int micros) {
            busyPollMicros = micros;
            return this;
        }

        /** What to capture, in the language of {@link Filters}. */
        public Builder filter(String expression) {
            filter = Objects.requireNonNull(expression);
            return this;
        }

        /** How to share packets with other rings; null: not at all. */
        public Builder fanout(@Nullable Fanout sharing) {
            fanout = sharing;
            return this;
        }

        /** Who is told of what happens to the interface. */
        public Builder listener(CaptureListener told) {
            listener = Objects.requireNonNull(told);
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException naming every value that is out of its range
         */
        public RingOptions build() {
            return new RingOptions(
                    interfaceName,
                    blockBytes,
                    blockCount,
                    retireMillis,
                    snapBytes,
                    promiscuous,
                    ignoreOutgoing,
                    hardwareTimestamps,
                    busyPollMicros,
                    filter,
                    fanout,
                    listener);
        }
    }
}
