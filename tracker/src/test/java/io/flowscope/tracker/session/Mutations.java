package io.flowscope.tracker.session;

import java.util.Arrays;
import java.util.Random;

/** Damages bytes the way fuzzers do. */
public final class Mutations {
    private static final int[] INTERESTING = {
        0, 1, 2, 3, 0x0a, 0x0d, 0x20, 0x2d, 0x30, 0x3a, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xfe, 0xff
    };

    private Mutations() {}

    /** A damaged copy of the same length. */
    public static byte[] of(byte[] seed, Random random) {
        byte[] bytes = seed.clone();
        if (bytes.length == 0) {
            return bytes;
        }
        int changes = 1 + random.nextInt(8);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(7)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2, 3 -> bytes[at] = (byte) INTERESTING[random.nextInt(INTERESTING.length)];
                case 4 -> {
                    int from = random.nextInt(bytes.length);
                    int length =
                            1 + random.nextInt(Math.min(64, bytes.length - Math.max(at, from)));
                    System.arraycopy(seed, from, bytes, at, length);
                }
                case 5 -> bytes[at] += (byte) (random.nextInt(9) - 4);
                default -> {
                    int length = 1 + random.nextInt(Math.min(16, bytes.length - at));
                    Arrays.fill(bytes, at, at + length, (byte) INTERESTING[random.nextInt(17)]);
                }
            }
        }
        return bytes;
    }
}
