package io.flowscope.tracker.key;

import io.flowscope.tracker.packet.PacketCursor;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Fragmented datagrams by addresses, identification, protocol and, where networks are told apart,
 * scope: a ring of slots, oldest first, and chains of those whose identity hashes alike. Memory is
 * taken when the first fragment comes and never grows.
 *
 * <pre>
 *   slot: | identity, 5 words | scope, flags | begun, ns | the owner's words |
 * </pre>
 */
final class FragmentIndex {
    static final int NONE = -1;

    private static final int SCOPE = 5;
    private static final int BEGUN = 6;
    private static final int OWNER = 7;
    private static final long IS_IPV6 = 1L << 40;

    private final int capacity;
    private final int stride;
    private final long timeoutNanos;
    private final boolean scoped;
    private final KeyHash hash;
    private final IntConsumer forgotten;
    private final KeyBuffer identity = new KeyBuffer();
    private final KeyBuffer removed = new KeyBuffer();

    private long[] words = {};
    private int[] chains = {};
    private int[] next = {};
    private boolean[] live = {};
    private int oldest;
    private int used;

    /** {@code forgotten} is told each slot that is given up by time, by number or at the end. */
    FragmentIndex(
            int capacity,
            long timeoutNanos,
            boolean scoped,
            int ownerWords,
            KeyHash hash,
            IntConsumer forgotten) {
        this.capacity = capacity;
        this.timeoutNanos = timeoutNanos;
        this.scoped = scoped;
        this.stride = OWNER + ownerWords;
        this.hash = hash;
        this.forgotten = forgotten;
    }

    /** The slot of the datagram that a fragment belongs to, or {@link #NONE}. */
    int find(PacketCursor fragment) {
        if (live.length == 0) {
            allocate();
        }
        identify(fragment);
        for (int slot = chains[chainOf(identity)]; slot != NONE; slot = next[slot]) {
            if (isIdentity(slot)) {
                return slot;
            }
        }
        return NONE;
    }

    /** A new slot, its owner's words 0, for the fragment that was last asked for. */
    int add(long now) {
        if (used == capacity) {
            dropOldest();
        }
        int slot = (int) (((long) oldest + used) % capacity);
        used++;
        live[slot] = true;
        int at = slot * stride;
        words[at] = identity.word0;
        words[at + 1] = identity.word1;
        words[at + 2] = identity.word2;
        words[at + 3] = identity.word3;
        words[at + 4] = identity.word4;
        words[at + SCOPE] = identity.tag;
        words[at + BEGUN] = now;
        Arrays.fill(words, at + OWNER, at + stride, 0);
        int chain = chainOf(identity);
        next[slot] = chains[chain];
        chains[chain] = slot;
        return slot;
    }

    /** Takes a slot out without a word to its owner. */
    void remove(int slot) {
        int at = slot * stride;
        KeyBuffer key = removed;
        key.longKey(words[at], words[at + 1], words[at + 2], words[at + 3], words[at + 4]);
        key.tag = (int) words[at + SCOPE];
        int chain = chainOf(key);
        if (chains[chain] == slot) {
            chains[chain] = next[slot];
        } else {
            int before = chains[chain];
            while (next[before] != slot) {
                before = next[before];
            }
            next[before] = next[slot];
        }
        live[slot] = false;
    }

    /** Gives up what is older than the timeout; a clock that was set back counts as age, too. */
    void advance(long now) {
        while (used > 0) {
            long begun = words[oldest * stride + BEGUN];
            boolean young = now - begun < timeoutNanos && begun - now < timeoutNanos;
            if (live[oldest] && young) {
                return;
            }
            dropOldest();
        }
    }

    /** Gives up everything. */
    void clear() {
        while (used > 0) {
            dropOldest();
        }
    }

    private void dropOldest() {
        int slot = oldest;
        if (live[slot]) {
            remove(slot);
            forgotten.accept(slot);
        }
        oldest = (oldest + 1) % capacity;
        used--;
    }

    /** Where the owner's words of a slot begin in {@link #words()}. */
    int owner(int slot) {
        return slot * stride + OWNER;
    }

    long[] words() {
        return words;
    }

    int size() {
        int count = 0;
        for (boolean one : live) {
            count += one ? 1 : 0;
        }
        return count;
    }

    private void identify(PacketCursor fragment) {
        long head =
                (long) fragment.fragmentProtocol() << 32 | (fragment.fragmentId() & 0xffff_ffffL);
        identity.longKey(
                fragment.fragmentIpv6() ? head | IS_IPV6 : head,
                fragment.fragmentSourceHigh(),
                fragment.fragmentSourceLow(),
                fragment.fragmentDestinationHigh(),
                fragment.fragmentDestinationLow());
        identity.tag = scoped ? fragment.fragmentScope() : 0;
    }

    private int chainOf(KeyBuffer key) {
        return (int) hash.hash(key) & (chains.length - 1);
    }

    private boolean isIdentity(int slot) {
        int at = slot * stride;
        return words[at] == identity.word0
                && words[at + 1] == identity.word1
                && words[at + 2] == identity.word2
                && words[at + 3] == identity.word3
                && words[at + 4] == identity.word4
                && words[at + SCOPE] == identity.tag;
    }

    private void allocate() {
        words = new long[Math.multiplyExact(capacity, stride)];
        next = new int[capacity];
        live = new boolean[capacity];
        chains = new int[Integer.highestOneBit(capacity) << 1];
        Arrays.fill(chains, NONE);
    }
}
