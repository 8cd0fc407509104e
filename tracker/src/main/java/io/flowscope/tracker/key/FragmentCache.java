package io.flowscope.tracker.key;

import io.flowscope.tracker.packet.FragmentState;
import io.flowscope.tracker.packet.PacketCursor;

/**
 * Gives later fragments the key of their datagram's first one. For every matched packet that is
 * {@link PacketCursor#fragmented()}:
 *
 * <ul>
 *   <li>{@link FragmentState#FIRST}: extract the key, call {@link #first}, then add {@link
 *       #waiting()} to the flow's side;
 *   <li>{@link FragmentState#LATER}: call {@link #later}; if it answers true the buffer holds the
 *       key and the packet is one of that flow, else it is waiting here or was counted unmatched.
 * </ul>
 *
 * <p>Call {@link #advance} as time goes on and {@link #finish} at the end; what still waits then is
 * unmatched. Fragments are not put together here and overlaps are not looked for: {@link
 * FragmentReassembler} does both. When all slots are taken the datagram whose first seen fragment
 * is oldest is forgotten.
 *
 * <p>Bounds: a fixed number of slots of about 170 bytes, allocated with the first fragment.
 */
public final class FragmentCache {
    private static final int STATE = 0;
    private static final int KEY = 1;
    private static final int TAG = 6;
    private static final int PACKETS = 7;
    private static final int WIRE_BYTES = 8;
    private static final int PAYLOAD_BYTES = 9;
    private static final int FIRST_NANOS = 10;
    private static final int LAST_NANOS = 11;
    private static final int OWN_WORDS = 12;

    // State word: how many words the key has (0 while the first fragment is missing), direction.
    private static final int WORDS_MASK = 7;
    private static final int REVERSED = 8;

    private final FragmentIndex index;
    private final WaitingFragments waiting = new WaitingFragments();
    private long unmatchedPackets;
    private long unmatchedBytes;

    /**
     * An empty cache.
     *
     * @param options bounds
     * @param tagged whether networks are told apart, see {@link KeyExtractor#tagged()}
     * @param hash seeded, so that nobody can choose identities that collide
     */
    public FragmentCache(FragmentOptions options, boolean tagged, KeyHash hash) {
        index =
                new FragmentIndex(
                        options.maxDatagrams(),
                        options.timeoutNanos(),
                        tagged,
                        OWN_WORDS,
                        hash,
                        this::forget);
    }

    /**
     * Remembers which flow a datagram belongs to. A datagram of the same identity that was known
     * before is over: identifications are used again.
     *
     * @param fragment a first fragment
     * @param key its key and direction
     * @param now the tracker's time, nanoseconds
     */
    public void first(PacketCursor fragment, KeyBuffer key, long now) {
        index.advance(now);
        waiting.clear();
        int slot = index.find(fragment);
        if (slot != FragmentIndex.NONE) {
            handOver(slot);
            index.remove(slot);
        }
        slot = index.add(now);
        long[] words = index.words();
        int at = index.owner(slot);
        words[at + STATE] = key.words | (key.reversed ? REVERSED : 0);
        words[at + KEY] = key.word0;
        words[at + KEY + 1] = key.word1;
        words[at + KEY + 2] = key.word2;
        words[at + KEY + 3] = key.word3;
        words[at + KEY + 4] = key.word4;
        words[at + TAG] = key.tag;
    }

    private void handOver(int slot) {
        long[] words = index.words();
        int at = index.owner(slot);
        if (words[at + PACKETS] != 0) {
            waiting.add(
                    (int) words[at + PACKETS],
                    words[at + WIRE_BYTES],
                    words[at + PAYLOAD_BYTES],
                    words[at + FIRST_NANOS],
                    words[at + LAST_NANOS]);
        }
    }

    /** What waited for the last {@link #first} fragment; valid until the next call. */
    public WaitingFragments waiting() {
        return waiting;
    }

    /**
     * Looks up the flow of a fragment without ports.
     *
     * @param fragment a later fragment
     * @param into filled with the key and direction of the first one if the answer is true
     * @param now the tracker's time, nanoseconds
     * @return whether the first fragment is known; if not, this one waits for it
     */
    public boolean later(PacketCursor fragment, KeyBuffer into, long now) {
        index.advance(now);
        int slot = index.find(fragment);
        if (slot == FragmentIndex.NONE) {
            slot = index.add(now);
        }
        long[] words = index.words();
        int at = index.owner(slot);
        int state = (int) words[at + STATE];
        if (state == 0) {
            await(fragment, words, at);
            return false;
        }
        into.set(
                words[at + KEY],
                words[at + KEY + 1],
                words[at + KEY + 2],
                words[at + KEY + 3],
                words[at + KEY + 4],
                state & WORDS_MASK,
                (int) words[at + TAG],
                (state & REVERSED) != 0);
        return true;
    }

    private static void await(PacketCursor fragment, long[] words, int at) {
        long time = fragment.timestampNanos();
        boolean none = words[at + PACKETS]++ == 0;
        words[at + WIRE_BYTES] += fragment.length();
        words[at + PAYLOAD_BYTES] += fragment.payloadLength();
        words[at + FIRST_NANOS] = none ? time : Math.min(words[at + FIRST_NANOS], time);
        words[at + LAST_NANOS] = none ? time : Math.max(words[at + LAST_NANOS], time);
    }

    /** Gives up datagrams that are older than the timeout at {@code now}. */
    public void advance(long now) {
        index.advance(now);
    }

    /** Gives up all datagrams: no packet comes any more. */
    public void finish() {
        index.clear();
    }

    private void forget(int slot) {
        int at = index.owner(slot);
        unmatchedPackets += index.words()[at + PACKETS];
        unmatchedBytes += index.words()[at + WIRE_BYTES];
    }

    /** Fragments whose first one never came. */
    public long unmatchedPackets() {
        return unmatchedPackets;
    }

    /** The wire bytes of these. */
    public long unmatchedBytes() {
        return unmatchedBytes;
    }

    /** Fragmented datagrams that are remembered; walks all slots. */
    public int size() {
        return index.size();
    }
}
