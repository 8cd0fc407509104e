package io.flowscope.tracker.key;

import io.flowscope.tracker.packet.FragmentState;
import io.flowscope.tracker.packet.PacketCursor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Puts fragmented datagrams together, as an alternative to {@link FragmentCache}. The decoder must
 * not look through first fragments (its option {@code throughFirstFragments} is false).
 *
 * <p>For every matched packet that is {@link PacketCursor#fragmented()} call {@link #add}. If it
 * answers true the datagram is complete: decode it with {@code
 * PacketDecoder.decodeDatagram(memory(), datagramOffset(), datagramBytes(), fragment, another)},
 * add {@link #waiting()} to the side that sent it, and treat the other cursor as the packet. Should
 * that one be a fragment again (a tunnel in a tunnel), call {@link #addInner} with it and go on in
 * the same way. The datagram's bytes are valid until the next call.
 *
 * <p>As RFC 5722 demands, a fragment that overlaps another one drops the datagram and whatever
 * comes for it later; an exact repetition alone is ignored. A fragment that was captured in part,
 * lies about its length, or reaches beyond 64 KiB drops the datagram as well. Dropped, forgotten
 * and unfinished ones are counted unmatched, as is a repetition after completion.
 *
 * <p>Bounds: one region of the arena for all datagrams, taken at once; when it is used up the
 * datagram whose first seen fragment is oldest is given up.
 */
public final class FragmentReassembler {
    /** Room before the data for the headers in front of it. */
    private static final int HEADROOM = 512;

    private static final int MOST_BYTES = 65_535;

    /** Memory for one datagram. */
    static final int SLOT_BYTES = HEADROOM + MOST_BYTES + 1;

    private static final int DROPPED = 0;
    private static final int END = 1;
    private static final int RECEIVED = 2;
    private static final int HIGHEST = 3;
    private static final int HEADER = 4;
    private static final int PACKETS = 5;
    private static final int WIRE_BYTES = 6;
    private static final int FIRST_NANOS = 7;
    private static final int LAST_NANOS = 8;
    private static final int OWN_WORDS = 9;

    private final FragmentIndex index;
    private final FragmentBlocks blocks;
    private final MemorySegment memory;
    private final WaitingFragments waiting = new WaitingFragments();
    private final WaitingFragments carried = new WaitingFragments();
    private int completed = FragmentIndex.NONE;
    private long datagramOffset;
    private int datagramBytes;
    private long unmatchedPackets;
    private long unmatchedBytes;
    private long overlaps;

    /**
     * Takes its memory from an arena, which must outlive it.
     *
     * @param options bounds; their {@code reassemblyBytes} are not 0
     * @param tagged whether networks are told apart, see {@link KeyExtractor#tagged()}
     * @param hash seeded, so that nobody can choose identities that collide
     * @param arena owner of the memory
     */
    public FragmentReassembler(FragmentOptions options, boolean tagged, KeyHash hash, Arena arena) {
        if (options.reassemblyBytes() == 0) {
            throw new IllegalArgumentException("reassemblyBytes: not 0, was 0");
        }
        long fit = options.reassemblyBytes() / SLOT_BYTES;
        int slots = (int) Math.min(fit, options.maxDatagrams());
        memory = arena.allocate((long) slots * SLOT_BYTES, 8);
        blocks = new FragmentBlocks(slots);
        index =
                new FragmentIndex(
                        slots, options.timeoutNanos(), tagged, OWN_WORDS, hash, this::forget);
    }

    /**
     * Adds a fragment of a packet.
     *
     * @param fragment first or later
     * @param now the tracker's time, nanoseconds
     * @return whether the datagram is complete
     */
    public boolean add(PacketCursor fragment, long now) {
        waiting.clear();
        completed = FragmentIndex.NONE;
        return take(fragment, now);
    }

    /** Adds a fragment found in the datagram that was completed just before. */
    public boolean addInner(PacketCursor fragment, long now) {
        return take(fragment, now);
    }

    private boolean take(PacketCursor fragment, long now) {
        carried.clear();
        carried.addAll(waiting);
        waiting.clear();
        index.advance(now);
        int slot = index.find(fragment);
        if (slot == FragmentIndex.NONE) {
            slot = index.add(now);
            blocks.clear(slot);
        }
        int at = index.owner(slot);
        long[] words = index.words();
        // The source of an inner fragment may be what this slot held a moment ago.
        boolean sound = words[at + DROPPED] == 0 && slot != completed && place(fragment, slot);
        completed = FragmentIndex.NONE;
        if (sound && isComplete(words, at)) {
            return complete(slot);
        }
        await(fragment, words, at);
        if (!sound) {
            drop(words, at);
        }
        return false;
    }

    /** Copies a fragment's bytes; false if the datagram cannot be trusted any more. */
    private boolean place(PacketCursor fragment, int slot) {
        long from = fragment.fragmentDataOffset();
        long header = from - fragment.ipOffset();
        long length = fragment.ipTotalLength() - header;
        int begin = fragment.fragmentOffset();
        boolean unaligned = fragment.fragmentMore() && (length & 7) != 0;
        boolean captured = fragment.ipEndOffset() - from >= length;
        boolean sameHeader = fragment.fragmentIpOffset() == fragment.ipOffset();
        if (length <= 0 || unaligned || !captured || !sameHeader || begin + length > MOST_BYTES) {
            return false;
        }
        long[] words = index.words();
        int at = index.owner(slot);
        long to = data(slot) + begin;
        int end = begin + (int) length;
        if (blocks.anySet(slot, begin, end)) {
            boolean repeated =
                    blocks.allSet(slot, begin, end)
                            && fragment.fragmentMore() == (end != words[at + END])
                            && same(fragment.memory(), from, to, length);
            overlaps += repeated ? 0 : 1;
            return repeated;
        }
        if (!boundsAgree(words, at, end, fragment.fragmentMore())) {
            return false;
        }
        blocks.set(slot, begin, end);
        MemorySegment.copy(fragment.memory(), from, memory, to, length);
        words[at + RECEIVED] += length;
        boolean first = fragment.fragmentState() == FragmentState.FIRST;
        return (!first || keepHeader(fragment, slot)) && fits(words, at, fragment.ipVersion());
    }

    private boolean same(MemorySegment other, long from, long to, long length) {
        return MemorySegment.mismatch(other, from, from + length, memory, to, to + length) < 0;
    }

    /** Header and data together fit the length field, which does not count IPv6's fixed header. */
    private static boolean fits(long[] words, int at, int ipVersion) {
        long counted = words[at + HEADER] - (ipVersion == 6 ? 40 : 0);
        return words[at + HEADER] == 0 || counted + words[at + HIGHEST] <= MOST_BYTES;
    }

    /** The end is known once, nothing lies behind it. */
    private static boolean boundsAgree(long[] words, int at, int end, boolean more) {
        long highest = Math.max(words[at + HIGHEST], end);
        long known = more ? words[at + END] : end;
        boolean contradicts = !more && words[at + END] != 0 && words[at + END] != end;
        words[at + HIGHEST] = highest;
        words[at + END] = known;
        return !contradicts && (known == 0 || highest <= known);
    }

    /** The headers before the fragment, right before the data, with no trace of fragments. */
    private boolean keepHeader(PacketCursor fragment, int slot) {
        boolean six = fragment.ipVersion() == 6;
        long ip = fragment.ipOffset();
        int bytes = (int) (fragment.fragmentDataOffset() - ip) - (six ? 8 : 0);
        if (bytes > HEADROOM) {
            return false;
        }
        long to = data(slot) - bytes;
        MemorySegment.copy(fragment.memory(), ip, memory, to, bytes);
        if (six) {
            DatagramHeader.skipFragmentHeader(memory, to, bytes, fragment.fragmentProtocol());
        }
        index.words()[index.owner(slot) + HEADER] = bytes;
        return true;
    }

    private static boolean isComplete(long[] words, int at) {
        return words[at + HEADER] != 0
                && words[at + END] != 0
                && words[at + END] == words[at + RECEIVED];
    }

    private boolean complete(int slot) {
        long[] words = index.words();
        int at = index.owner(slot);
        int header = (int) words[at + HEADER];
        datagramOffset = data(slot) - header;
        datagramBytes = header + (int) words[at + END];
        waiting.addAll(carried);
        if (words[at + PACKETS] != 0) {
            waiting.add(
                    (int) words[at + PACKETS],
                    words[at + WIRE_BYTES],
                    0,
                    words[at + FIRST_NANOS],
                    words[at + LAST_NANOS]);
        }
        DatagramHeader.setLength(memory, datagramOffset, datagramBytes);
        index.remove(slot);
        completed = slot;
        return true;
    }

    private void await(PacketCursor fragment, long[] words, int at) {
        long time = fragment.timestampNanos();
        carried.add(1, fragment.length(), 0, time, time);
        boolean none = words[at + PACKETS] == 0;
        long first = carried.firstNanos;
        long last = carried.lastNanos;
        words[at + PACKETS] += carried.packets;
        words[at + WIRE_BYTES] += carried.wireBytes;
        words[at + FIRST_NANOS] = none ? first : Math.min(words[at + FIRST_NANOS], first);
        words[at + LAST_NANOS] = none ? last : Math.max(words[at + LAST_NANOS], last);
    }

    private void drop(long[] words, int at) {
        unmatchedPackets += words[at + PACKETS];
        unmatchedBytes += words[at + WIRE_BYTES];
        words[at + PACKETS] = 0;
        words[at + WIRE_BYTES] = 0;
        words[at + DROPPED] = 1;
    }

    private void forget(int slot) {
        drop(index.words(), index.owner(slot));
    }

    private static long data(int slot) {
        return (long) slot * SLOT_BYTES + HEADROOM;
    }

    /** Gives up datagrams that are older than the timeout at {@code now}. */
    public void advance(long now) {
        index.advance(now);
    }

    /** Gives up all datagrams: no packet comes any more. */
    public void finish() {
        index.clear();
    }

    /** What holds the completed datagram. */
    public MemorySegment memory() {
        return memory;
    }

    /** Where the IP header of the completed datagram begins. */
    public long datagramOffset() {
        return datagramOffset;
    }

    /** Length of the completed datagram with its header. */
    public int datagramBytes() {
        return datagramBytes;
    }

    /** The completed datagram's fragments but the last; valid until the next call. */
    public WaitingFragments waiting() {
        return waiting;
    }

    /** Fragments of datagrams that were dropped or never complete. */
    public long unmatchedPackets() {
        return unmatchedPackets;
    }

    /** The wire bytes of these. */
    public long unmatchedBytes() {
        return unmatchedBytes;
    }

    /** Fragments that overlapped others. */
    public long overlaps() {
        return overlaps;
    }
}
