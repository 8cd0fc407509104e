package io.flowscope.tracker;

import static io.flowscope.tracker.model.TestPacket.ACK;
import static io.flowscope.tracker.model.TestPacket.tcp;
import static io.flowscope.tracker.model.TestPacket.udp;
import static io.flowscope.tracker.model.Trace.CLIENT;
import static io.flowscope.tracker.model.Trace.SECOND;
import static io.flowscope.tracker.model.Trace.SERVER;
import static io.flowscope.tracker.model.Trace.START;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.model.TestPacket;
import io.flowscope.tracker.model.TestPacket.Endpoint;
import io.flowscope.tracker.model.Trace;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

class TimeTest {
    @Test
    void idleIsExactWithoutASweep() {
        TrackerOptions options = TrackerOptions.builder().sweepInterval(Duration.ofDays(1)).build();
        try (Trace trace = new Trace(options)) {
            trace.send(
                    udp(CLIENT, SERVER, 1),
                    udp(CLIENT, SERVER, 1).at(60 * SECOND - 1),
                    udp(CLIENT, SERVER, 1).at(120 * SECOND - 1));
            assertEquals(List.of("started", "ended idle", "started"), trace.take());
            assertEquals(2, trace.last().initiator().packets());
        }
    }

    @Test
    void eachProtocolHasItsTimeout() {
        try (Trace trace = new Trace()) {
            trace.send(
                    tcp(CLIENT, SERVER, ACK),
                    udp(CLIENT, SERVER, 1),
                    TestPacket.icmp(CLIENT, SERVER, 8, null));
            trace.take();
            trace.tracker.sweep(START + 30 * SECOND);
            assertEquals(1, trace.last().protocol());
            trace.tracker.sweep(START + 60 * SECOND);
            assertEquals(17, trace.last().protocol());
            trace.tracker.sweep(START + 300 * SECOND - 1);
            assertEquals(2, trace.ended.size());
            trace.tracker.sweep(START + 300 * SECOND);
            assertEquals(6, trace.last().protocol());
        }
    }

    @Test
    void userChoosesTheTimeoutOfSingleFlows() {
        TrackerOptions options =
                TrackerOptions.builder()
                        .flowTimeout(
                                (key, protocol) ->
                                        protocol == 17 && key.aPort() == 80
                                                ? Duration.ofNanos(3)
                                                : null)
                        .build();
        try (Trace trace = new Trace(options)) {
            Endpoint other = new Endpoint(false, 2, 81);
            trace.send(udp(CLIENT, SERVER, 1), udp(CLIENT, other, 1));
            trace.take();
            trace.send(udp(CLIENT, SERVER, 1).at(3), udp(CLIENT, other, 1).at(3));
            assertEquals(List.of("ended idle", "started"), trace.take());
        }
    }

    @Test
    void aTimeoutOfForeverIsNever() {
        TrackerOptions options =
                TrackerOptions.builder()
                        .flowTimeout((key, protocol) -> ChronoUnit.FOREVER.getDuration())
                        .build();
        try (Trace trace = new Trace(options)) {
            trace.send(udp(CLIENT, SERVER, 1), udp(CLIENT, SERVER, 1).at(1_000_000 * SECOND));
            assertEquals(List.of("started"), trace.take());
        }
    }

    @Test
    void aFunctionThatThrowsLeavesNoFlowBehind() {
        boolean[] fails = {true};
        TrackerOptions options =
                TrackerOptions.builder()
                        .flowTimeout(
                                (key, protocol) -> {
                                    if (fails[0]) {
                                        throw new IllegalStateException("no idea");
                                    }
                                    return null;
                                })
                        .build();
        try (Trace trace = new Trace(options)) {
            assertThrows(IllegalStateException.class, () -> trace.send(udp(CLIENT, SERVER, 1)));
            assertEquals(0, trace.tracker.liveFlows());
            assertEquals(List.of(), trace.tracker.snapshot());
            fails[0] = false;
            trace.send(udp(CLIENT, SERVER, 1));
            trace.tracker.finish();
            assertEquals(List.of("started", "ended finished"), trace.take());
        }
    }

    @Test
    void sweepFindsIdleFlowsAlsoAfterTheClockWasSetBack() {
        try (Trace trace = new Trace()) {
            trace.send(udp(CLIENT, SERVER, 1).at(3600 * SECOND));
            for (int host = 10; host < 40; host++) {
                trace.send(
                        udp(new Endpoint(false, host, 1), SERVER, 1).at((host - 10) * 10 * SECOND));
            }
            int within = 60 / 10 + 1;
            assertTrue(
                    trace.tracker.liveFlows() <= within, () -> trace.tracker.liveFlows() + " live");
        }
    }

    @Test
    void sweepNeverMovesTimeBack() {
        try (Trace trace = new Trace()) {
            trace.send(udp(CLIENT, SERVER, 1).at(100 * SECOND));
            trace.tracker.sweep(START);
            assertEquals(START + 100 * SECOND, trace.tracker.nowNanos());
            assertEquals(0, trace.tracker.counters().clockSteps());
        }
    }

    @Test
    void whatHasExpiredByTheEndIsIdleWhereverTheSweepIs() {
        TrackerOptions options = TrackerOptions.builder().sweepInterval(Duration.ofDays(1)).build();
        try (Trace trace = new Trace(options)) {
            for (int host = 10; host < 40; host++) {
                trace.send(udp(new Endpoint(false, host, 1), SERVER, 1));
            }
            trace.send(udp(CLIENT, SERVER, 1).at(61 * SECOND));
            trace.take();
            trace.tracker.finish();
            List<String> ends = trace.take();
            assertEquals("ended finished", ends.getLast());
            assertTrue(ends.subList(0, ends.size() - 1).stream().allMatch("ended idle"::equals));
        }
    }

    @Test
    void withoutTimeoutsNothingEndsByTime() {
        try (Trace trace = new Trace(TrackerOptions.builder().noTimeouts().build())) {
            trace.send(udp(CLIENT, SERVER, 1), udp(CLIENT, SERVER, 1).at(1_000_000 * SECOND));
            trace.tracker.sweep(START + 3_000_000 * SECOND);
            assertEquals(List.of("started"), trace.take());
        }
    }

    @Test
    void sweepFindsIdleFlowsWhilePacketsOfOthersPass() {
        try (Trace trace = new Trace()) {
            for (int host = 10; host < 200; host++) {
                trace.send(udp(new Endpoint(false, host, 1), SERVER, 1));
            }
            trace.take();
            for (int i = 0; i < 4000; i++) {
                trace.send(udp(CLIENT, SERVER, 1).at(i * SECOND / 64));
            }
            long idle = trace.take().stream().filter("ended idle"::equals).count();
            assertEquals(190, idle);
            assertEquals(1, trace.tracker.liveFlows());
        }
    }

    @Test
    void smallStepBackIsNow() {
        try (Trace trace = new Trace()) {
            trace.send(
                    udp(CLIENT, SERVER, 1).at(100 * SECOND),
                    udp(CLIENT, SERVER, 1).at(41 * SECOND));
            assertEquals(START + 100 * SECOND, trace.live().lastSeenNanos());
            assertEquals(0, trace.tracker.counters().clockSteps());
        }
    }

    @Test
    void bigStepBackSetsTheClock() {
        try (Trace trace = new Trace()) {
            trace.send(
                    udp(CLIENT, SERVER, 1).at(100 * SECOND),
                    udp(SERVER, CLIENT, 1).at(39 * SECOND));
            assertEquals(1, trace.tracker.counters().clockSteps());
            assertEquals(START + 39 * SECOND, trace.tracker.nowNanos());
            assertEquals(START + 100 * SECOND, trace.live().lastSeenNanos());
            trace.tracker.sweep(START + 50 * SECOND);
            assertEquals(List.of("started"), trace.take());
            trace.tracker.sweep(START + 110 * SECOND);
            assertEquals(List.of("ended idle"), trace.take());
        }
    }

    @Test
    void jumpOfYearsEndsWhatIsThenIdleWithoutAPause() {
        try (Trace trace = new Trace()) {
            for (int host = 10; host < 240; host++) {
                trace.send(udp(new Endpoint(false, host, 1), SERVER, 1));
            }
            long year = 31_536_000L * SECOND;
            trace.send(udp(CLIENT, SERVER, 1).at(20 * year));
            for (int i = 0; i < 3200; i++) {
                trace.send(udp(CLIENT, SERVER, 1).at(20 * year + i));
            }
            assertEquals(1, trace.tracker.liveFlows());
            assertEquals(230, trace.tracker.counters().ended(EndReason.IDLE));
        }
    }

    @Test
    void absurdTimestampsDoNoHarm() {
        try (Trace trace = new Trace()) {
            for (long time : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -1, 0, 1L << 62, 5}) {
                trace.send(udp(CLIENT, SERVER, 1).at(time - START));
            }
            trace.tracker.sweep(Long.MAX_VALUE);
            trace.tracker.finish();
            TrackerCounters counters = trace.tracker.counters();
            assertEquals(counters.created(), counters.ended());
            for (FlowRecord flow : trace.ended) {
                assertTrue(flow.durationNanos() >= 0);
            }
        }
    }

    @Test
    void longFlowIsReportedInBetween() {
        TrackerOptions options =
                TrackerOptions.builder().activeTimeout(Duration.ofSeconds(10)).build();
        try (Trace trace = new Trace(options)) {
            trace.send(
                    udp(CLIENT, SERVER, 1),
                    udp(CLIENT, SERVER, 1).at(9 * SECOND),
                    udp(CLIENT, SERVER, 1).at(10 * SECOND),
                    udp(CLIENT, SERVER, 1).at(19 * SECOND),
                    udp(CLIENT, SERVER, 1).at(25 * SECOND));
            assertEquals(List.of("started", "interim", "interim"), trace.take());
        }
    }
}
