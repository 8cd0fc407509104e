package io.flowscope.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Random;

class TimelineTest {
    private static final long SECOND = 1_000_000_000;

    private static long[] totals(long packets) {
        long[] totals = new long[Totals.COUNT];
        totals[Totals.PACKETS] = packets;
        return totals;
    }

    private static long sum(Timeline timeline) {
        long sum = 0;
        for (long[] step : timeline.view().steps()) {
            sum += step[Totals.PACKETS];
        }
        return sum;
    }

    @Test
    void liveStepsSlideAndKeepTheLatest() {
        Timeline timeline = new Timeline(true, SECOND);
        for (int i = 1; i <= 1000; i++) {
            timeline.add(i * SECOND, totals(10L * i));
        }
        Timeline.View view = timeline.view();
        assertEquals(Timeline.STEPS, view.steps().length);
        assertEquals(SECOND, view.stepNanos());
        assertEquals((1000 - Timeline.STEPS + 1) * SECOND, view.beginNanos());
        for (long[] step : view.steps()) {
            assertEquals(10, step[Totals.PACKETS]);
        }
    }

    @Test
    void afterALongPauseOnlyWhatIsNewIsLeft() {
        Timeline timeline = new Timeline(true, SECOND);
        timeline.add(SECOND, totals(5));
        timeline.add(100_000 * SECOND, totals(7));
        Timeline.View view = timeline.view();
        assertEquals(Timeline.STEPS, view.steps().length);
        assertEquals(2, view.steps()[Timeline.STEPS - 1][Totals.PACKETS]);
        assertEquals(2, sum(timeline));
    }

    @Test
    void nothingOfAFileIsLostHoweverLongItIs() {
        Random random = new Random(5);
        for (int run = 0; run < 50; run++) {
            Timeline timeline = new Timeline(false, SECOND / 100);
            long time = random.nextLong(2_000_000_000) * SECOND;
            long packets = 0;
            int points = 1 + random.nextInt(2000);
            for (int i = 0; i < points; i++) {
                time += (long) (SECOND * Math.pow(10, random.nextInt(8) - 3) * random.nextDouble());
                packets += random.nextInt(100);
                timeline.add(time, totals(packets));
            }
            assertEquals(packets, sum(timeline));
            Timeline.View view = timeline.view();
            assertTrue(view.steps().length <= Timeline.STEPS);
            long end = view.beginNanos() + view.steps().length * view.stepNanos();
            assertTrue(
                    view.beginNanos() <= time && time < end, "the last time is in the last step");
        }
    }

    @Test
    void timeThatGoesBackStaysInTheLatestStep() {
        Timeline timeline = new Timeline(false, SECOND);
        timeline.add(10 * SECOND, totals(1));
        timeline.add(12 * SECOND, totals(3));
        timeline.add(3 * SECOND, totals(8));
        assertEquals(3, timeline.view().steps().length);
        assertEquals(7, timeline.view().steps()[2][Totals.PACKETS]);
    }
}
