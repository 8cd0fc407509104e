package io.flowscope.tracker;

import io.flowscope.tracker.key.FragmentCache;
import io.flowscope.tracker.key.FragmentOptions;
import io.flowscope.tracker.key.FragmentReassembler;
import io.flowscope.tracker.key.KeyExtractor;
import io.flowscope.tracker.key.KeyHash;
import io.flowscope.tracker.key.WaitingFragments;
import io.flowscope.tracker.packet.DecoderOptions;
import io.flowscope.tracker.packet.FragmentState;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;
import io.flowscope.tracker.table.FlowTable;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;

/**
 * Finds the flow of fragments, in the packets' order: either each by the key of its datagram's
 * first one, or all at once when the datagram is complete.
 */
final class Fragments {
    private final KeyExtractor extractor;
    private final PacketDecoder decoder;
    private final KeyHash hasher;
    private final FragmentCache cache;
    private final @Nullable FragmentReassembler reassembler;
    private Lane whole = new Lane();
    private Lane spare = new Lane();
    private long lostBefore;

    Fragments(TrackerOptions options, PacketDecoder decoder, KeyHash hasher, Arena arena) {
        this.extractor = options.extractor();
        this.decoder = decoder;
        this.hasher = hasher;
        FragmentOptions bounds = options.fragments();
        cache = new FragmentCache(bounds, extractor.tagged(), hasher);
        reassembler =
                bounds.reassemblyBytes() == 0
                        ? null
                        : new FragmentReassembler(bounds, extractor.tagged(), hasher, arena);
    }

    /** What the decoder must do for fragments to be found. */
    static DecoderOptions decoderOptions(TrackerOptions options) {
        DecoderOptions given = options.decoder();
        return options.fragments().reassemblyBytes() == 0
                ? given
                : new DecoderOptions(
                        given.encapsulations(),
                        given.outermost(),
                        given.maxDepth(),
                        given.vxlanPorts(),
                        given.genevePorts(),
                        given.gtpPorts(),
                        false);
    }

    /** The packet to track for a fragment, with its key; null if there is none yet. */
    @Nullable Lane resolve(Lane lane, long now) {
        FragmentReassembler complete = reassembler;
        if (complete != null) {
            return reassemble(complete, lane, now);
        }
        PacketCursor packet = lane.packet;
        if (packet.fragmentState() == FragmentState.FIRST) {
            if (!extractor.extract(packet, lane.key)) {
                return unkeyed();
            }
            cache.first(packet, lane.key, now);
            return found(lane, cache.waiting().packets() != 0);
        }
        return cache.later(packet, lane.key, now) ? found(lane, false) : null;
    }

    /** A fragment that nothing is made of counts as given up. */
    private @Nullable Lane unkeyed() {
        lostBefore--;
        return null;
    }

    private Lane found(Lane lane, boolean bringsWaiting) {
        lane.state = bringsWaiting ? Lane.BRINGS_WAITING : Lane.KEYED;
        lane.hash = (int) (hasher.hash(lane.key) >>> 32);
        lane.guess = FlowTable.NONE;
        return lane;
    }

    private @Nullable Lane reassemble(FragmentReassembler complete, Lane lane, long now) {
        PacketCursor fragment = lane.packet;
        boolean done = complete.add(fragment, now);
        while (done) {
            Lane next = spare;
            spare = whole;
            whole = next;
            boolean matched =
                    decoder.decodeDatagram(
                            complete.memory(),
                            complete.datagramOffset(),
                            complete.datagramBytes(),
                            fragment,
                            next.packet);
            if (!matched) {
                return unkeyed();
            }
            if (!next.packet.fragmented()) {
                return extractor.extract(next.packet, next.key)
                        ? found(next, complete.waiting().packets() != 0)
                        : unkeyed();
            }
            fragment = next.packet;
            done = complete.addInner(fragment, now);
        }
        return null;
    }

    /** What is to be counted with the packet that {@link #resolve} gave. */
    WaitingFragments waiting() {
        FragmentReassembler complete = reassembler;
        return complete != null ? complete.waiting() : cache.waiting();
    }

    /** Gives up what has waited too long. */
    void advance(long now) {
        FragmentReassembler complete = reassembler;
        if (complete != null) {
            complete.advance(now);
        } else {
            cache.advance(now);
        }
    }

    /** Gives up everything. */
    void finish() {
        FragmentReassembler complete = reassembler;
        if (complete != null) {
            complete.finish();
        } else {
            cache.finish();
        }
    }

    /** Fragments given up since the last call. */
    long takeLost() {
        FragmentReassembler complete = reassembler;
        long lost = complete != null ? complete.unmatchedPackets() : cache.unmatchedPackets();
        long since = lost - lostBefore;
        lostBefore = lost;
        return since;
    }
}
