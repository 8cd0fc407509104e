package io.flowscope.tracker.stream.reassembly;

import io.flowscope.tracker.stream.OverlapPolicy;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamOptions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rules of reassembly once more, for one side, with a map entry per byte and no regard for
 * cost. It shares nothing with the real one but the options, and always continues after a gap.
 */
final class NaiveSide {
    private record Cell(int value, int segment) {}

    private record Sample(long at, byte[] bytes) {}

    private final StreamOptions options;
    private final int side;
    private final List<String> events;
    private final TreeMap<Long, Cell> held = new TreeMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private final boolean gated;
    private int segments;
    private boolean anchored;
    private boolean finished;
    private boolean ended;
    private int nextSeq;
    private long next;
    private long fin = Long.MAX_VALUE;
    private long lost;
    private long ackEnd = -1;
    private Integer lastAck;
    private Integer far;
    private long ackSince = -1;
    private long stallSince = -1;

    long delivered;
    long duplicate;
    long outOfOrder;
    long ignored;
    long gapBytes;
    long conflict;
    int gaps;

    NaiveSide(StreamOptions options, int side, List<String> events) {
        this.options = options;
        this.side = side;
        this.events = events;
        this.gated = options.overlap() == OverlapPolicy.LAST && !options.strict();
    }

    String counters() {
        return "delivered=%d duplicate=%d outOfOrder=%d ignored=%d gap=%d/%d conflict=%d held=%d"
                .formatted(
                        delivered,
                        duplicate,
                        outOfOrder,
                        ignored,
                        gapBytes,
                        gaps,
                        conflict,
                        held.size());
    }

    void segment(int seq, int flags, byte[] payload, int length, long now) {
        if ((flags & Reassembler.RST) != 0
                || length == 0 && (flags & (Reassembler.SYN | Reassembler.FIN)) == 0) {
            return;
        }
        boolean syn = (flags & Reassembler.SYN) != 0;
        int at = syn ? seq + 1 : seq;
        if (ended) {
            for (int i = 0; i < payload.length; i++) {
                if (finished && at + i - nextSeq < 0) {
                    duplicate++;
                } else if (finished) {
                    outOfOrder++;
                } else {
                    ignored++;
                }
            }
            return;
        }
        boolean untouched = next == 0 && held.isEmpty() && fin == Long.MAX_VALUE;
        if (!anchored && (syn || length > 0) || anchored && syn && untouched) {
            if (nextSeq != at) {
                ackEnd = -1;
                lastAck = null;
                far = null;
            }
            anchored = true;
            nextSeq = at;
        }
        if (!anchored) {
            return;
        }
        long before = next;
        int distance = at - nextSeq;
        long from = next + distance;
        if (distance > 0 && from + length - next > options.windowBytes()) {
            boolean continued = far != null && far == at;
            boolean acked =
                    lastAck != null
                            && lastAck - nextSeq > 0
                            && lastAck - at >= -options.windowBytes()
                            && (long) (lastAck - at) <= options.windowBytes() + payload.length;
            if (!continued && !acked) {
                far = at + length;
                outOfOrder += payload.length;
                return;
            }
            far = null;
            long target = from;
            if (lastAck != null && lastAck - nextSeq > 0) {
                long ack = next + (lastAck - nextSeq);
                if (from + length - ack <= options.windowBytes()) {
                    target = Math.min(from, ack);
                }
            }
            skip(target, "OUT_OF_WINDOW");
        }
        if ((flags & Reassembler.FIN) != 0) {
            long position = from + length;
            if (fin == Long.MAX_VALUE
                    && position >= next
                    && position - next <= options.windowBytes()) {
                fin = position;
            }
        }
        if (length > 0) {
            put(from, payload, length);
        }
        settle(before, now);
    }

    private void put(long from, byte[] payload, int length) {
        long to = from + payload.length;
        long start = from;
        if (from < next) {
            start = next;
            long end = Math.min(to, next);
            if (end - from == 1 && end == next) {
                duplicate++;
            } else {
                int different = 0;
                for (long p = from; p < end; p++) {
                    if (p < 0) {
                        outOfOrder++;
                    } else {
                        duplicate++;
                    }
                    for (Sample s : samples) {
                        if (p >= s.at
                                && p < s.at + s.bytes.length
                                && s.bytes[(int) (p - s.at)] != payload[(int) (p - from)]) {
                            different++;
                        }
                    }
                }
                conflict += different;
            }
        }
        if (start == next && !gated) {
            if (to > start) {
                inOrder(from, payload, to);
            }
            if (payload.length < length) {
                lost = from + length;
            }
        } else if (to > start) {
            ahead(from, start, payload, to);
        }
    }

    private void inOrder(long from, byte[] payload, long to) {
        int count = (int) Math.min(8, to - next);
        byte[] first = new byte[count];
        System.arraycopy(payload, (int) (next - from), first, 0, count);
        Sample sample = new Sample(next, first);
        while (next < to) {
            Cell cell = held.remove(next);
            int value = payload[(int) (next - from)] & 255;
            if (cell != null) {
                duplicate++;
                conflict += cell.value == value ? 0 : 1;
                value = options.overlap() == OverlapPolicy.FIRST ? cell.value : value;
            }
            deliver(value);
        }
        samples.add(sample);
    }

    private void ahead(long from, long start, byte[] payload, long to) {
        if (to - start == 1 && !held.isEmpty() && held.lastKey() == start) {
            duplicate++;
            return;
        }
        if (options.strict()) {
            outOfOrder += to - start;
            return;
        }
        int limit = Math.min(options.holdBytes(), options.bufferBytes());
        if (!fits(start, to, limit)) {
            while (next < start && !fits(start, to, limit)) {
                if (held.isEmpty() || held.firstKey() > next) {
                    gap(Math.min(start, held.isEmpty() ? start : held.firstKey()), "HOLD_FULL");
                }
                drain(fin);
                advance();
                if (ended) {
                    late(to - start);
                    return;
                }
            }
            if (next == start) {
                drain(fin);
            }
            long kept = Math.max(start, next);
            duplicate += Math.min(kept, to) - start;
            start = kept;
            if (start >= to) {
                return;
            }
            if (start == next && (!gated || !fits(start, to, limit))) {
                inOrder(from, payload, to);
                return;
            }
        }
        take(from, start, payload, to);
    }

    private boolean fits(long start, long to, int limit) {
        long missing = to - start - held.subMap(start, to).size();
        return held.size() + missing <= limit;
    }

    private void take(long from, long start, byte[] payload, long to) {
        int id = ++segments;
        long winsFrom = start;
        Cell first = held.get(start);
        OverlapPolicy overlap = options.overlap();
        boolean byTarget = overlap == OverlapPolicy.LINUX || overlap == OverlapPolicy.WINDOWS;
        if (first != null && byTarget) {
            long end = start;
            while (held.get(end) != null && held.get(end).segment == first.segment) {
                end++;
            }
            Cell previous = held.get(start - 1);
            boolean begins = previous == null || previous.segment != first.segment;
            boolean wins = overlap == OverlapPolicy.LINUX && begins && to > end;
            winsFrom = wins ? start : Math.min(end, to);
        }
        for (long p = start; p < to; p++) {
            int value = payload[(int) (p - from)] & 255;
            Cell old = held.get(p);
            if (old != null) {
                duplicate++;
                conflict += old.value == value ? 0 : 1;
            }
            if (old == null || overlap != OverlapPolicy.FIRST && p >= winsFrom) {
                held.put(p, new Cell(value, id));
            }
        }
    }

    void ack(int ack, long now) {
        int beyond = ack - nextSeq;
        if (!anchored || ended || beyond <= 0) {
            return;
        }
        lastAck = ack;
        long end = Math.min(next + beyond, fin);
        if (end - next <= options.windowBytes()) {
            ackEnd = Math.max(ackEnd, end);
        }
        settle(next, now);
    }

    void expire(long now) {
        while (!ended && ackSince >= 0 && now - ackSince >= options.ackGraceNanos()) {
            long before = next;
            gap(holeEnd(), "ACKNOWLEDGED");
            settle(before, now);
        }
    }

    void expireStalled(long now) {
        while (!ended && stallSince >= 0 && now - stallSince >= options.stallNanos()) {
            long before = next;
            if (held.containsKey(next)) {
                drain(fin);
            } else {
                gap(holeEnd(), "STALLED");
            }
            settle(before, now);
        }
    }

    void end(StreamEnd end) {
        if (!ended) {
            advance();
            if (!held.isEmpty()) {
                skip(Math.min(held.lastKey() + 1, fin), "FLOW_ENDED");
            }
            advance();
            if (!ended && holeEnd() > next && !perhapsFin()) {
                gap(holeEnd(), "FLOW_ENDED");
                advance();
            }
            finish(end);
        }
    }

    private void settle(long before, long now) {
        advance();
        if (ended) {
            return;
        }
        if (!options.timeouts()) {
            return;
        }
        long end = holeEnd();
        boolean acked = ackEnd > next && end > next && ackEnd >= end && !perhapsFin();
        boolean waiting = !held.isEmpty() || fin != Long.MAX_VALUE;
        ackSince = !acked ? -1 : ackSince < 0 || next != before ? now : ackSince;
        stallSince = !waiting ? -1 : stallSince < 0 || next != before ? now : stallSince;
    }

    private void advance() {
        while (!ended) {
            long due = gated ? Math.min(fin, Math.max(ackEnd, next)) : fin;
            if (held.containsKey(next) && next < due) {
                deliver(held.remove(next).value);
            } else if (next == fin) {
                finish(StreamEnd.FIN);
            } else if (next > fin) {
                fin = Long.MAX_VALUE;
            } else if (lost > next && !held.containsKey(next)) {
                long first = held.isEmpty() ? Long.MAX_VALUE : held.firstKey();
                gap(Math.min(lost, Math.min(fin, first)), "TRUNCATED");
            } else {
                return;
            }
        }
    }

    private void skip(long target, String cause) {
        while (!ended && next < fin) {
            if (held.containsKey(next)) {
                drain(fin);
            } else if (next < target) {
                gap(Math.min(target, held.isEmpty() ? target : held.firstKey()), cause);
            } else {
                return;
            }
        }
    }

    private void drain(long limit) {
        while (!ended && next < limit && held.containsKey(next)) {
            deliver(held.remove(next).value);
        }
    }

    private long holeEnd() {
        if (!held.isEmpty() || fin != Long.MAX_VALUE) {
            return Math.min(held.isEmpty() ? Long.MAX_VALUE : held.firstKey(), fin);
        }
        return Math.max(ackEnd, next);
    }

    private boolean perhapsFin() {
        return held.isEmpty() && fin == Long.MAX_VALUE && holeEnd() - next == 1;
    }

    private void finish(StreamEnd end) {
        if (!ended) {
            ended = true;
            finished = end == StreamEnd.FIN;
            late(held.size());
            held.clear();
            events.add(side + " end " + end);
        }
    }

    private void late(long count) {
        if (finished) {
            outOfOrder += count;
        } else {
            ignored += count;
        }
    }

    private void gap(long to, String cause) {
        events.add(side + " gap " + next + "+" + (to - next) + " " + cause);
        samples.clear();
        gapBytes += to - next;
        gaps++;
        nextSeq += (int) (to - next);
        next = to;
    }

    private void deliver(int value) {
        String prefix = side + " bytes ";
        int last = events.size() - 1;
        if (last >= 0 && events.get(last).startsWith(prefix)) {
            events.set(last, events.get(last) + (char) value);
        } else {
            events.add(prefix + (char) value);
        }
        samples.clear();
        next++;
        nextSeq++;
        delivered++;
    }

    Map<Long, Cell> held() {
        return held;
    }
}
