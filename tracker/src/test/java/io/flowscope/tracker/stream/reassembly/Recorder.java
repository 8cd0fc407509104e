package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.stream.GapCause;
import io.flowscope.tracker.stream.GapDecision;
import io.flowscope.tracker.stream.StreamConsumer;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamView;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Writes down what a consumer is told, neighbouring runs of bytes joined, and the counters. */
final class Recorder implements StreamConsumer {
    final List<String> events = new ArrayList<>();
    final ByteArrayOutputStream[] bytes = {
        new ByteArrayOutputStream(), new ByteArrayOutputStream()
    };
    final StreamEnd[] ends = new StreamEnd[2];
    final String[] counters = new String[2];
    GapDecision decision = GapDecision.CONTINUE;
    private final long[] nextOffset = new long[2];

    @Override
    public int onBytes(
            StreamView stream, MemorySegment memory, long at, int length, long timestampNanos) {
        int side = stream.side() == Side.INITIATOR ? 0 : 1;
        if (stream.offset() != nextOffset[side]) {
            throw new AssertionError(
                    "bytes at " + stream.offset() + ", expected " + nextOffset[side]);
        }
        nextOffset[side] += length;
        byte[] copy = memory.asSlice(at, length).toArray(JAVA_BYTE);
        bytes[side].writeBytes(copy);
        String text = new String(copy, StandardCharsets.ISO_8859_1);
        String prefix = side + " bytes ";
        int last = events.size() - 1;
        if (last >= 0 && events.get(last).startsWith(prefix)) {
            events.set(last, events.get(last) + text);
        } else {
            events.add(prefix + text);
        }
        return length;
    }

    @Override
    public GapDecision onGap(StreamView stream, long length, GapCause cause, long timestampNanos) {
        int side = stream.side() == Side.INITIATOR ? 0 : 1;
        if (stream.offset() != nextOffset[side]) {
            throw new AssertionError("gap at " + stream.offset());
        }
        nextOffset[side] += length;
        events.add(side + " gap " + stream.offset() + "+" + length + " " + cause);
        return decision;
    }

    @Override
    public void onEnd(StreamView stream, StreamEnd end, long timestampNanos) {
        int side = stream.side() == Side.INITIATOR ? 0 : 1;
        if (ends[side] != null) {
            throw new AssertionError("ended twice: " + ends[side] + ", " + end);
        }
        ends[side] = end;
        events.add(side + " end " + end);
    }

    /** What was delivered to a side, as text. */
    String text(int side) {
        return bytes[side].toString(StandardCharsets.ISO_8859_1);
    }

    /** A host that knows no flows and keeps the anomalies. */
    static class Host implements StreamHost {
        final List<String> told = new ArrayList<>();
        final Map<AnomalyKind, Integer> counts = new EnumMap<>(AnomalyKind.class);

        @Override
        public FlowView flow(long flow) {
            throw new UnsupportedOperationException("no flows here");
        }

        @Override
        public void onAnomaly(long flow, int side, AnomalyKind kind, long bytes, long nowNanos) {
            counts.merge(kind, 1, Integer::sum);
            told.add(side + " " + kind + " " + bytes);
        }

        @Override
        public void onFailure(long flow, int side, StreamEnd failure, long nowNanos) {
            told.add(side + " failed " + failure);
        }

        @Override
        public void onClosed(
                long flow, int side, long dropped, long oversizeBytes, int highWaterBytes) {}
    }
}
