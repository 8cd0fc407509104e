package io.flowscope.tracker.key;

import io.flowscope.tracker.packet.CaptureReader;
import io.flowscope.tracker.packet.DecodeOutcome;
import io.flowscope.tracker.packet.DecoderOptions;
import io.flowscope.tracker.packet.FragmentState;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The smallest flow counter: packets, wire and payload bytes per key and direction, no time-outs.
 * Shows how the decoder, the keys and the two ways with fragments are used together.
 */
final class FlowSums {
    /** Sums of one key; index 1 is what endpoint b sent. */
    static final class Sum {
        final long[] packets = new long[2];
        final long[] wireBytes = new long[2];
        final long[] payloadBytes = new long[2];

        @Override
        public String toString() {
            return "%d+%d packets, %d+%d bytes, %d+%d payload"
                    .formatted(
                            packets[0],
                            packets[1],
                            wireBytes[0],
                            wireBytes[1],
                            payloadBytes[0],
                            payloadBytes[1]);
        }
    }

    final Map<String, Sum> flows = new TreeMap<>();
    final Map<DecodeOutcome, Integer> outcomes = new TreeMap<>();
    final List<String> problems = new ArrayList<>();

    private final PacketDecoder decoder;
    private final PacketCursor cursor = new PacketCursor();
    private final PacketCursor datagram = new PacketCursor();
    private final KeyBuffer key = new KeyBuffer();
    private final FragmentCache cache;
    private final FragmentReassembler reassembler;
    private final boolean reassemble;

    FlowSums(DecoderOptions options, boolean reassemble, Arena arena) {
        this.reassemble = reassemble;
        decoder = new PacketDecoder(options);
        KeyHash hash = new KeyHash(1);
        FragmentOptions fragments = FragmentOptions.DEFAULT.reassembling(1 << 22);
        cache = new FragmentCache(fragments, false, hash);
        reassembler = new FragmentReassembler(fragments, false, hash, arena);
    }

    void add(CaptureReader.Packet packet) {
        try (Arena exact = Arena.ofConfined()) {
            MemorySegment memory = exact.allocate(packet.bytes().length);
            MemorySegment.copy(
                    packet.bytes(), 0, memory, ValueLayout.JAVA_BYTE, 0, packet.bytes().length);
            boolean matched =
                    decoder.decode(
                            memory,
                            0,
                            packet.bytes().length,
                            packet.length(),
                            packet.timestampNanos(),
                            packet.linkType(),
                            cursor);
            outcomes.merge(cursor.outcome(), 1, Integer::sum);
            if (matched) {
                count(packet.timestampNanos());
            }
        }
    }

    private void count(long now) {
        if (cursor.fragmentState() == FragmentState.NONE) {
            FiveTuple.extract(cursor, key);
            sum(cursor);
        } else if (reassemble) {
            if (reassembler.add(cursor, now)) {
                whole(now);
            }
        } else if (cursor.fragmentState() == FragmentState.FIRST) {
            FiveTuple.extract(cursor, key);
            cache.first(cursor, key, now);
            sum(cursor);
            handOver(cache.waiting());
        } else if (cache.later(cursor, key, now)) {
            sum(cursor);
        }
    }

    private void whole(long now) {
        boolean matched =
                decoder.decodeDatagram(
                        reassembler.memory(),
                        reassembler.datagramOffset(),
                        reassembler.datagramBytes(),
                        cursor,
                        datagram);
        if (!matched) {
            problems.add("datagram " + datagram.outcome());
        } else if (datagram.fragmented()) {
            reassembler.addInner(datagram, now);
        } else {
            FiveTuple.extract(datagram, key);
            sum(datagram);
            handOver(reassembler.waiting());
        }
    }

    private void sum(PacketCursor packet) {
        Sum sum = flows.computeIfAbsent(name(), name -> new Sum());
        int side = key.reversed() ? 1 : 0;
        sum.packets[side]++;
        sum.wireBytes[side] += packet.length();
        sum.payloadBytes[side] += packet.payloadLength();
    }

    private void handOver(WaitingFragments waiting) {
        Sum sum = flows.computeIfAbsent(name(), name -> new Sum());
        int side = key.reversed() ? 1 : 0;
        sum.packets[side] += waiting.packets();
        sum.wireBytes[side] += waiting.wireBytes();
        sum.payloadBytes[side] += waiting.payloadBytes();
    }

    private String name() {
        return FlowKey.of(key, false).toString();
    }

    void finish() {
        cache.finish();
        reassembler.finish();
    }

    long unmatchedFragments() {
        return cache.unmatchedPackets() + reassembler.unmatchedPackets();
    }
}
