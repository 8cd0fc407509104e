package io.flowscope.tracker.key;

import io.flowscope.tracker.packet.PacketCursor;

import java.security.SecureRandom;

/**
 * Hashes keys. With a secret seed for the table, so that nobody who knows this code can choose
 * addresses that collide; without one for sharding, so that every process and both directions
 * agree.
 *
 * <p>Both fold the 128-bit product of two words, each with a constant or secret word mixed in, and
 * fold a second time so that every bit of the result depends on every bit of the key.
 */
public final class KeyHash {
    private static final long K0 = 0xa076_1d64_78bd_642fL;
    private static final long K1 = 0xe703_7ed1_a0b4_28dbL;
    private static final long K2 = 0x8ebc_6af0_9c88_c6e3L;
    private static final long K3 = 0x5899_65cc_7537_4cc3L;

    private final long seed0;
    private final long seed1;
    private final long seed2;
    private final long seed3;

    /** A hash for tests and for output that must be the same twice. */
    public KeyHash(long seed) {
        seed0 = spread(seed);
        seed1 = spread(seed0 + K0);
        seed2 = spread(seed1 + K1);
        seed3 = spread(seed2 + K2);
    }

    private KeyHash(SecureRandom random) {
        seed0 = random.nextLong();
        seed1 = random.nextLong();
        seed2 = random.nextLong();
        seed3 = random.nextLong();
    }

    /** A hash with a seed that nobody knows. */
    public static KeyHash random() {
        return new KeyHash(new SecureRandom());
    }

    /** The hash of a key; the direction is no part of it. */
    public long hash(KeyBuffer key) {
        long hash = fold(key.word0 ^ seed0, key.word1 ^ seed1);
        if (key.words > 2) {
            hash += fold(key.word2 ^ seed2, key.word3 ^ hash) ^ key.word4;
            hash = fold(hash ^ seed1, key.word4 ^ seed0 ^ K0);
        }
        return fold(hash ^ seed2, key.tag ^ seed3);
    }

    /**
     * A hash of protocol, addresses and ports that both directions share and that never changes:
     * for sharding. Fragments behind the first have no ports: where they matter use {@link
     * #symmetricAddresses}.
     */
    public static long symmetric(PacketCursor packet) {
        long ports = ((long) packet.sourcePort() * packet.destinationPort()) << 16;
        long sum = (long) packet.sourcePort() + packet.destinationPort();
        return fold(symmetricAddresses(packet) ^ ports ^ sum, packet.protocol() + K2);
    }

    /** The same of the two addresses alone, so that all fragments agree with their flow. */
    public static long symmetricAddresses(PacketCursor packet) {
        long source = endpoint(packet.sourceHigh(), packet.sourceLow());
        long destination = endpoint(packet.destinationHigh(), packet.destinationLow());
        return fold((source ^ destination) ^ K2, (source + destination) ^ K3);
    }

    private static long endpoint(long high, long low) {
        return fold(high ^ K0, low ^ K1);
    }

    private static long fold(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b) ^ a * b;
    }

    private static long spread(long value) {
        return fold(value ^ K3, K2) ^ K1;
    }
}
