package io.flowscope.tracker.stream.reassembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.stream.GapDecision;
import io.flowscope.tracker.stream.OverflowPolicy;
import io.flowscope.tracker.stream.OverlapPolicy;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamOptions;

import org.junit.jupiter.api.Test;

import java.util.List;

class ReassemblerTest {
    private static final long MILLI = 1_000_000;

    private static Wire wire() {
        return new Wire(StreamOptions.builder()).handshake();
    }

    private static Wire wire(OverlapPolicy policy) {
        return new Wire(StreamOptions.builder().overlap(policy)).handshake();
    }

    @Test
    void bytesInOrderAreHandedOverFromThePacketItself() {
        StringBuilder seen = new StringBuilder();
        try (Wire wire =
                new Wire(
                        StreamOptions.builder(),
                        (stream, memory, at, length, time) -> {
                            seen.append(at).append('+').append(length).append(' ');
                            return length;
                        })) {
            wire.handshake().send(0, "one").send(3, "three");
            assertEquals("54+3 54+5 ", seen.toString());
            assertEquals(0, wire.reassembler.statistics().memoryReservedBytes());
        }
    }

    @Test
    void sequenceNumbersWrapAndOffsetsDoNot() {
        try (Wire wire = wire()) {
            for (int i = 0; i < 10; i++) {
                wire.send(i, "" + i);
            }
            assertEquals("bytes 0123456789", wire.events());
            assertEquals(10, wire.counters().offset());
        }
    }

    @Test
    void aHoleThatIsFilledLeavesNoTrace() {
        try (Wire wire = wire().send(3, "def").send(9, "jkl").send(0, "abc").send(6, "ghi")) {
            assertEquals("bytes abcdefghijkl", wire.events());
            assertEquals(0, wire.reassembler.statistics().memoryBytes());
            assertEquals(6, wire.counters().highWaterBytes());
        }
    }

    @Test
    void withoutSynTheFirstPayloadIsTheBeginningAndWhatComesFromBeforeIsOutOfOrder() {
        try (Wire wire = new Wire(StreamOptions.builder()).send(100, "xyz").send(95, "earlyx")) {
            assertEquals("bytes xyz", wire.events());
            assertTrue(wire.counters().startedMidStream());
            assertEquals(5, wire.counters().outOfOrderBytes());
            assertEquals(1, wire.counters().duplicateBytes());
            assertEquals(0, wire.counters().conflictBytes());
        }
    }

    @Test
    void payloadOnASynComesFirstAndItsRepetitionIsADuplicate() {
        try (Wire wire = new Wire(StreamOptions.builder())) {
            wire.segment(0, -1, Reassembler.SYN, "GET /", 5).send(0, "GET /").send(5, " now");
            assertEquals("bytes GET / now", wire.events());
            assertEquals(5, wire.counters().duplicateBytes());
        }
    }

    @Test
    void aSynWithOtherNumbersCountsUntilDataWereSeen() {
        try (Wire wire = new Wire(StreamOptions.builder())) {
            wire.segment(0, 5_000_000, Reassembler.SYN, "", 0).handshake().send(0, "abc");
            assertEquals("bytes abc", wire.events());
        }
    }

    @Test
    void ofTwoSynsThatDisagreeTheOneThatDataTakeUpCounts() {
        try (Wire wire = new Wire(StreamOptions.builder()).handshake()) {
            wire.segment(0, 99_000_000, Reassembler.SYN, "", 0).send(0, "abc").fin(3, "def");
            assertEquals("bytes abcdef\nend FIN", wire.events());
            assertEquals(6, wire.counters().deliveredBytes());
        }
        try (Wire wire = new Wire(StreamOptions.builder()).handshake()) {
            wire.segment(0, -99_000_000, Reassembler.SYN, "", 0).send(-98_999_999, "abc");
            assertEquals("bytes abc", wire.events());
            wire.send(0, "no");
            assertEquals("bytes abc", wire.events());
        }
    }

    @Test
    void aSynAckThatAnswersAnotherSynDoesNotCount() {
        try (Wire wire = new Wire(StreamOptions.builder())) {
            wire.segment(0, -1, Reassembler.SYN, "", 0);
            wire.answered(Wire.ISN, 0).answered(70_000_000, 1_500_000_000);
            wire.segment(1, 70_000_000, 0, "other", 5).segment(1, 0, 0, "abc", 3);
            assertEquals("bytes abc", wire.events(1));
        }
    }

    @Test
    void payloadOnAResetIsNeverStreamData() {
        try (Wire wire = wire().send(0, "abc")) {
            wire.segment(0, 3, Reassembler.RST, "reason", 6);
            assertEquals("bytes abc", wire.events());
            assertEquals(3, wire.counters().deliveredBytes());
        }
    }

    @Test
    void aKeepAliveProbeIsADuplicateAndItsByteIsNotCompared() {
        try (Wire wire = wire().send(0, "abc").send(2, "\0")) {
            wire.send(10, "xyz").send(12, "\0");
            assertEquals(2, wire.counters().duplicateBytes());
            assertEquals(0, wire.counters().conflictBytes());
        }
    }

    @Test
    void aFinEndsItsSideWhenEverythingBeforeItHasCome() {
        try (Wire wire = wire().fin(3, "def")) {
            assertEquals("", wire.events());
            wire.send(0, "abc");
            assertEquals("bytes abcdef\nend FIN", wire.events());
            wire.send(4, "efg");
            assertEquals(2, wire.counters().duplicateBytes());
            assertEquals(1, wire.counters().outOfOrderBytes());
        }
    }

    @Test
    void anAcknowledgedHoleIsGivenUpAfterTheGraceAndNotBefore() {
        try (Wire wire = wire().send(5, "later").acked(10).pass(10 * MILLI - 1).expire()) {
            assertEquals("", wire.events());
            wire.pass(1).expire();
            assertEquals("gap 0+5 ACKNOWLEDGED\nbytes later", wire.events());
        }
    }

    @Test
    void anAcknowledgedHoleThatIsFilledWithinTheGraceIsNone() {
        try (Wire wire = wire().send(5, "later").acked(10).pass(9 * MILLI).send(0, "first")) {
            wire.pass(MILLI).expire();
            assertEquals("bytes firstlater", wire.events());
        }
    }

    @Test
    void bytesThatWereAcknowledgedThoughNothingIsBeyondThemAreMissingToo() {
        try (Wire wire = wire().send(0, "abc").acked(20).pass(10 * MILLI).send(20, "next")) {
            assertEquals("bytes abc\ngap 3+17 ACKNOWLEDGED\nbytes next", wire.events());
        }
    }

    @Test
    void oneAcknowledgedByteWithNothingBeyondMayBeTheFin() {
        try (Wire wire = wire().send(0, "abc").acked(4).pass(1_000 * MILLI).expire().end()) {
            assertEquals("bytes abc\nend FLOW_ENDED", wire.events());
        }
    }

    @Test
    void aHoleWithBytesBeyondItIsGivenUpAfterASecondWithoutProgress() {
        try (Wire wire = wire().send(8, "cd").pass(900 * MILLI).send(0, "ab")) {
            wire.pass(999 * MILLI).expire();
            assertEquals("bytes ab", wire.events());
            wire.pass(MILLI).expire();
            assertEquals("bytes ab\ngap 2+6 STALLED\nbytes cd", wire.events());
        }
    }

    @Test
    void aWaitGoesOnWhereTheClockIsSetBack() {
        try (Wire wire = wire().send(8, "cd").send(0, "ab")) {
            wire.pass(600 * MILLI).expire().pass(-3_600_000 * MILLI).expire();
            wire.pass(399 * MILLI).expire();
            assertEquals("bytes ab", wire.events());
            wire.pass(MILLI).expire();
            assertEquals("bytes ab\ngap 2+6 STALLED\nbytes cd", wire.events());
        }
    }

    @Test
    void withoutTimeoutsAHoleWaitsForTheEndOfTheFlow() {
        try (Wire wire = new Wire(StreamOptions.builder().noTimeouts()).handshake()) {
            wire.send(5, "later").acked(10).pass(1_000_000 * MILLI).expire();
            assertEquals("", wire.events());
            wire.end();
            assertEquals("gap 0+5 FLOW_ENDED\nbytes later\nend FLOW_ENDED", wire.events());
        }
    }

    @Test
    void aFullHoldGivesUpTheOldestHole() {
        try (Wire wire = new Wire(StreamOptions.builder().holdBytes(8)).handshake()) {
            wire.send(2, "cd").send(6, "ghij").send(12, "mnop");
            assertEquals("gap 0+2 HOLD_FULL\nbytes cd", wire.events());
            wire.send(4, "ef");
            assertEquals("gap 0+2 HOLD_FULL\nbytes cdefghij", wire.events());
            assertEquals(8, wire.counters().highWaterBytes());
        }
    }

    @Test
    void aDuplicateOfWaitingBytesDoesNotCountAgainstTheHold() {
        try (Wire wire = new Wire(StreamOptions.builder().holdBytes(8)).handshake()) {
            wire.send(2, "cdefghij").send(2, "cdefghij").send(0, "ab");
            assertEquals("bytes abcdefghij", wire.events());
            assertEquals(8, wire.counters().duplicateBytes());
        }
    }

    @Test
    void aSegmentThatWouldExceedTheBufferEndsTheSideUnderDropFlow() {
        StreamOptions.Builder options =
                StreamOptions.builder()
                        .holdBytes(8)
                        .bufferBytes(8)
                        .overflow(OverflowPolicy.DROP_FLOW);
        try (Wire wire = new Wire(options).handshake()) {
            wire.send(2, "cdefgh").send(9, "jkl").send(0, "ab");
            assertEquals("end BUFFER_OVERFLOW", wire.events());
            assertEquals(11, wire.counters().oversizeBytes());
            assertEquals(
                    List.of(
                            "0 OOO_SEGMENT 6",
                            "0 HIGH_WATERMARK 6",
                            "0 BUFFER_OVERFLOW 6",
                            "0 failed BUFFER_OVERFLOW"),
                    wire.host.told);
            assertEquals(0, wire.reassembler.statistics().memoryBytes());
        }
    }

    @Test
    void whatTheCaptureCutOffIsAGapAtOnce() {
        try (Wire wire = wire().segment(0, 0, 0, "abc", 10).segment(0, 10, 0, "klm", 3)) {
            assertEquals("bytes abc\ngap 3+7 TRUNCATED\nbytes klm", wire.events());
        }
    }

    @Test
    void aSegmentFarAheadIsDroppedUntilAnotherContinuesIt() {
        try (Wire wire = wire().send(0, "abc").send(2_000_000, "who").send(3, "def")) {
            assertEquals("bytes abcdef", wire.events());
            assertEquals(3, wire.counters().outOfOrderBytes());
            wire.send(2_000_003, "there");
            assertEquals("bytes abcdef\ngap 6+1999997 OUT_OF_WINDOW\nbytes there", wire.events());
        }
    }

    @Test
    void aSegmentFarAheadIsBelievedWhereTheOtherEndAcknowledges() {
        try (Wire wire = wire().send(0, "abc").acked(1_999_990).send(2_000_000, "there")) {
            assertEquals("bytes abc\ngap 3+1999987 OUT_OF_WINDOW", wire.events());
            wire.send(1_999_990, "just here ");
            assertEquals(
                    "bytes abc\ngap 3+1999987 OUT_OF_WINDOW\nbytes just here there", wire.events());
        }
    }

    @Test
    void inStrictModeWhatIsNotInOrderIsDroppedAndCounted() {
        try (Wire wire = new Wire(StreamOptions.builder().strict(true)).handshake()) {
            wire.send(3, "def").send(0, "abc").acked(6).pass(10 * MILLI).send(6, "ghi");
            assertEquals("bytes abc\ngap 3+3 ACKNOWLEDGED\nbytes ghi", wire.events());
            assertEquals(3, wire.counters().outOfOrderBytes());
            assertEquals(0, wire.reassembler.statistics().memoryReservedBytes());
        }
    }

    @Test
    void anInconsistentRetransmissionIsToldBeforeTheBytesItConcerns() {
        try (Wire wire = wire().send(0, "GOOD").send(0, "EVIL")) {
            assertEquals("bytes GOOD", wire.events());
            assertEquals(List.of("0 RETRANSMISSION_INCONSISTENT 4"), wire.host.told);
            assertEquals(4, wire.counters().conflictBytes());
        }
    }

    @Test
    void firstWinsKeepsTheWaitingCopy() {
        try (Wire wire = wire(OverlapPolicy.FIRST).send(4, "old1").send(0, "newnewnewnew")) {
            assertEquals("bytes newnold1wnew", wire.events());
            assertEquals(4, wire.counters().duplicateBytes());
            assertEquals(4, wire.counters().conflictBytes());
        }
    }

    @Test
    void targetPoliciesDecideByWhereTheSegmentsBegin() {
        assertEquals("..AAAA", resolve(OverlapPolicy.FIRST, 2, "AAAA", 2, "BBBB"));
        assertEquals("..AAAA", resolve(OverlapPolicy.LINUX, 2, "AAAA", 2, "BBBB"));
        assertEquals("..AAAA", resolve(OverlapPolicy.WINDOWS, 2, "AAAA", 2, "BBBB"));
        assertEquals("..BBBB", resolve(OverlapPolicy.LAST, 2, "AAAA", 2, "BBBB"));

        assertEquals("..BBBBBB", resolve(OverlapPolicy.LINUX, 2, "AAAA", 2, "BBBBBB"));
        assertEquals("..AAAABB", resolve(OverlapPolicy.WINDOWS, 2, "AAAA", 2, "BBBBBB"));
        assertEquals("..AAAABB", resolve(OverlapPolicy.FIRST, 2, "AAAA", 2, "BBBBBB"));

        assertEquals("..BAAAA", resolve(OverlapPolicy.FIRST, 3, "AAAA", 2, "BBBB"));
        assertEquals("..BBBBA", resolve(OverlapPolicy.LINUX, 3, "AAAA", 2, "BBBB"));
        assertEquals("..BBBBA", resolve(OverlapPolicy.WINDOWS, 3, "AAAA", 2, "BBBB"));

        assertEquals("..AAAAB", resolve(OverlapPolicy.LINUX, 2, "AAAA", 3, "BBBB"));
        assertEquals("..AAAAB", resolve(OverlapPolicy.WINDOWS, 2, "AAAA", 3, "BBBB"));
        assertEquals("..ABBBB", resolve(OverlapPolicy.LAST, 2, "AAAA", 3, "BBBB"));
    }

    /** Two segments behind a hole of two bytes, which is filled then. */
    private static String resolve(
            OverlapPolicy policy, int firstAt, String first, int secondAt, String second) {
        try (Wire wire = wire(policy).send(firstAt, first).send(secondAt, second)) {
            return wire.send(0, "..").acked(60).end().recorder.text(0);
        }
    }

    @Test
    void lastWinsAlsoInOrderUntilTheBytesAreAcknowledged() {
        try (Wire wire = wire(OverlapPolicy.LAST).send(0, "GOOD").send(0, "EVIL")) {
            assertEquals("", wire.events());
            wire.acked(4);
            assertEquals("bytes EVIL", wire.events());
            wire.send(4, " and more").pass(1_000 * MILLI).expire();
            assertEquals("bytes EVIL and more", wire.events());
        }
    }

    @Test
    void aConsumerThatStopsItsSideAtAGapIsToldOnlyTheEnd() {
        try (Wire wire = wire()) {
            wire.recorder.decision = GapDecision.STOP_SIDE;
            wire.send(3, "def").acked(6).pass(10 * MILLI).send(6, "ghi");
            wire.segment(1, 0, 0, "answer", 6);
            assertEquals("gap 0+3 ACKNOWLEDGED\nend STOPPED", wire.events());
            assertEquals(6, wire.counters().ignoredBytes());
            assertEquals("answer", wire.recorder.text(1));
        }
    }

    @Test
    void aConsumerThatStopsEndsBothSides() {
        try (Wire wire = wire()) {
            wire.recorder.decision = GapDecision.STOP;
            wire.send(3, "def").acked(6).pass(10 * MILLI).expire().end();
            assertEquals(StreamEnd.STOPPED, wire.recorder.ends[0]);
            assertEquals(StreamEnd.STOPPED, wire.recorder.ends[1]);
        }
    }

    @Test
    void aConsumerThatFailsEndsBothSidesAndTheFlowIsTold() {
        try (Wire wire =
                new Wire(
                        StreamOptions.builder(),
                        (stream, memory, at, length, time) -> {
                            stream.fail();
                            return length;
                        })) {
            wire.handshake().send(0, "abc").send(3, "def");
            assertEquals(List.of("0 failed PARSE_ERROR"), wire.host.told);
            assertEquals(3, wire.counters().deliveredBytes());
            assertEquals(3, wire.counters().ignoredBytes());
        }
    }

    @Test
    void anAnomalyIsToldOncePerCallAndCountedAlways() {
        try (Wire wire = wire().send(2, "c").send(4, "e").send(6, "g").end()) {
            assertEquals(3, wire.host.counts.get(AnomalyKind.OOO_SEGMENT));
            assertEquals(1, wire.host.counts.get(AnomalyKind.GAP));
            assertEquals(4, wire.host.told.size());
            assertEquals(3, wire.counters().gaps());
        }
    }

    @Test
    void aClockThatIsSetBackDoesNotKeepAHoleForEver() {
        try (Wire wire = wire().send(5, "later").acked(10)) {
            wire.pass(-500_000 * MILLI).expire().pass(10 * MILLI).expire();
            assertEquals("gap 0+5 ACKNOWLEDGED\nbytes later", wire.events());
        }
    }

    @Test
    void afterCloseEveryCallIsAnIllegalState() {
        try (Wire wire = wire()) {
            wire.reassembler.close();
            wire.reassembler.close();
            assertThrows(IllegalStateException.class, () -> wire.send(0, "abc"));
            assertThrows(IllegalStateException.class, () -> wire.acked(3));
            assertThrows(IllegalStateException.class, wire::end);
            assertThrows(IllegalStateException.class, wire::expire);
            assertThrows(
                    IllegalStateException.class, () -> wire.reassembler.open(2, wire.recorder));
        }
    }

    @Test
    void aConsumerThatThrowsLeavesTheStreamInOrder() {
        StringBuilder seen = new StringBuilder();
        try (Wire wire =
                new Wire(
                        StreamOptions.builder(),
                        (stream, memory, at, length, time) -> {
                            seen.append(stream.offset()).append('+').append(length).append(' ');
                            if (stream.offset() == 0) {
                                throw new UnsupportedOperationException("thrown by a consumer");
                            }
                            return length;
                        })) {
            wire.handshake().send(3, "def").send(6, "ghi");
            assertThrows(UnsupportedOperationException.class, () -> wire.send(0, "abc"));
            wire.send(9, "jkl").end();
            assertEquals("0+3 3+9 ", seen.toString());
            assertEquals(0, wire.reassembler.statistics().memoryBytes());
        }
    }
}
