package io.flowscope.tracker.stream.reassembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.flowscope.tracker.stream.GapCause;
import io.flowscope.tracker.stream.GapDecision;
import io.flowscope.tracker.stream.OverflowPolicy;
import io.flowscope.tracker.stream.StreamConsumer;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamOptions;
import io.flowscope.tracker.stream.StreamView;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Random;

class LeftoversTest {
    /** Reads records that begin with their own length, a digit. */
    private static class Records implements StreamConsumer {
        final StringBuilder seen = new StringBuilder();

        @Override
        public int onBytes(
                StreamView stream, MemorySegment memory, long at, int length, long time) {
            int done = 0;
            while (done < length) {
                int record = memory.get(JAVA_BYTE, at + done) - '0';
                if (done + record > length) {
                    break;
                }
                byte[] text = memory.asSlice(at + done, record).toArray(JAVA_BYTE);
                seen.append(new String(text, StandardCharsets.ISO_8859_1)).append(' ');
                done += record;
            }
            return done;
        }

        @Override
        public GapDecision onGap(StreamView stream, long length, GapCause cause, long time) {
            seen.append("gap ").append(stream.offset()).append('+').append(length).append(' ');
            return GapDecision.CONTINUE;
        }

        @Override
        public void onEnd(StreamView stream, StreamEnd end, long time) {
            seen.append(end).append(' ');
        }
    }

    @Test
    void whatIsNotConsumedComesAgainTogetherWithWhatFollows() {
        String text = "3ab5cdef2x9ijklmnop4abc1";
        for (int seed = 0; seed < 200; seed++) {
            Records records = new Records();
            try (Wire wire = new Wire(StreamOptions.builder(), records).handshake()) {
                Random random = new Random(seed);
                for (int at = 0; at < text.length(); ) {
                    int length = Math.min(text.length() - at, 1 + random.nextInt(7));
                    wire.send(at, text.substring(at, at + length));
                    at += length;
                }
                assertEquals("3ab 5cdef 2x 9ijklmnop 4abc 1 ", records.seen.toString());
                assertEquals(0, wire.reassembler.statistics().memoryBytes());
                assertEquals(text.length(), wire.counters().deliveredBytes());
            }
        }
    }

    @Test
    void aGapGivesUpWhatWasLeftBeforeIt() {
        Records records = new Records();
        try (Wire wire = new Wire(StreamOptions.builder(), records).handshake()) {
            wire.send(0, "3ab9cde").send(10, "2x").acked(12).pass(10_000_000).expire();
            assertEquals("3ab gap 7+3 2x ", records.seen.toString());
            assertEquals(0, wire.reassembler.statistics().memoryBytes());
        }
    }

    @Test
    void aSlidingWindowDropsTheOldestAndCountsIt() {
        StringBuilder seen = new StringBuilder();
        StreamConsumer hoarder =
                new StreamConsumer() {
                    @Override
                    public int onBytes(
                            StreamView stream, MemorySegment memory, long at, int n, long time) {
                        byte[] text = memory.asSlice(at, n).toArray(JAVA_BYTE);
                        seen.append(stream.offset()).append(new String(text)).append(' ');
                        return 0;
                    }

                    @Override
                    public GapDecision onGap(StreamView stream, long n, GapCause why, long time) {
                        seen.append(why).append(stream.offset()).append('+').append(n);
                        seen.append(' ');
                        return GapDecision.CONTINUE;
                    }
                };
        try (Wire wire = new Wire(StreamOptions.builder().bufferBytes(6), hoarder).handshake()) {
            wire.send(0, "abcd").send(4, "efg").send(7, "hijklmnop");
            assertEquals("0abcd OVERFLOW0+1 1bcdefg OVERFLOW1+9 10klmnop ", seen.toString());
            assertEquals(6, wire.counters().deliveredBytes());
            assertEquals(10, wire.counters().oversizeBytes());
            assertEquals(0, wire.counters().gapBytes());
            wire.end();
            assertEquals(0, wire.reassembler.statistics().memoryBytes());
        }
    }

    @Test
    void underDropFlowAConsumerThatTakesNothingLosesItsSide() {
        StreamOptions.Builder options =
                StreamOptions.builder().bufferBytes(6).overflow(OverflowPolicy.DROP_FLOW);
        StringBuilder ends = new StringBuilder();
        StreamConsumer hoarder =
                new StreamConsumer() {
                    @Override
                    public int onBytes(
                            StreamView stream, MemorySegment memory, long at, int n, long time) {
                        return 0;
                    }

                    @Override
                    public void onEnd(StreamView stream, StreamEnd end, long time) {
                        ends.append(stream.side()).append(' ').append(end).append(' ');
                    }
                };
        try (Wire wire = new Wire(options, hoarder).handshake()) {
            wire.send(0, "abcd").send(4, "efg").send(7, "hij");
            assertEquals("INITIATOR BUFFER_OVERFLOW ", ends.toString());
            assertEquals(4, wire.counters().deliveredBytes());
            assertEquals(6, wire.counters().oversizeBytes());
            assertEquals(0, wire.reassembler.statistics().memoryBytes());
        }
    }

    @Test
    void consumingMoreThanWasShownIsAMistake() {
        try (Wire wire =
                new Wire(StreamOptions.builder(), (stream, memory, at, length, time) -> length + 1)
                        .handshake()) {
            assertThrows(IllegalStateException.class, () -> wire.send(0, "abc"));
        }
    }
}
