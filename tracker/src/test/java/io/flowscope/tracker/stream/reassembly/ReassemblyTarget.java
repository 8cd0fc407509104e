package io.flowscope.tracker.stream.reassembly;

import java.lang.foreign.Arena;
import java.util.HexFormat;
import java.util.Random;

/** Reassembly: the input is what a {@link RandomConversation} draws instead of random numbers. */
public final class ReassemblyTarget {
    private ReassemblyTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        try (Arena arena = Arena.ofConfined()) {
            String name = data.length > 500 ? "an input" : HexFormat.of().formatHex(data);
            new RandomConversation(name, new Drawn(data), arena.allocate(4096)).run();
        }
    }

    /** Gives an input's bytes out as numbers, and zeros behind them. */
    @SuppressWarnings("serial") // nobody writes it anywhere
    private static final class Drawn extends Random {
        private final byte[] data;
        private int at;

        Drawn(byte[] data) {
            this.data = data;
        }

        private int draw(int bytes) {
            int number = 0;
            for (int i = 0; i < bytes; i++) {
                number = number << 8 | (at < data.length ? data[at++] & 0xff : 0);
            }
            return number;
        }

        /** As few bytes as will do. */
        @Override
        public int nextInt(int bound) {
            return draw(bound <= 1 << 8 ? 1 : bound <= 1 << 16 ? 2 : 3) % bound;
        }

        @Override
        public int nextInt() {
            return draw(4);
        }

        @Override
        public boolean nextBoolean() {
            return (draw(1) & 1) != 0;
        }
    }
}
