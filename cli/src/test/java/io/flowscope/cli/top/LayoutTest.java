package io.flowscope.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.cli.top.Layout.Display;
import io.flowscope.cli.top.Line.Style;
import io.flowscope.cli.watch.FlowBoard.Row;
import io.flowscope.tracker.FlowRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

@Execution(ExecutionMode.CONCURRENT)
class LayoutTest {
    private static final Display USUAL =
            new Display(TopSort.RATE, Integer.MAX_VALUE, false, false, false, "", true);

    private final List<Row> rows = Moments.rows();
    private final Moment moment = Moments.of("eth0", true, rows, List.of());

    private static List<String> text(List<Line> lines) {
        return lines.stream().map(Line::text).toList();
    }

    private static Display sorted(TopSort sort) {
        return new Display(sort, Integer.MAX_VALUE, false, false, false, "", true);
    }

    @Test
    void aUsualScreenHasAHeaderTitlesAndTheFastestFlowsFirst() {
        List<String> lines = text(Layout.of(moment, USUAL, new Size(80, 24)));
        assertEquals(
                "flowscope top  eth0  live  1:23                        by rate  ? keys, q leaves",
                lines.get(0));
        assertEquals(
                "12,345 packets/s  98.1 Mbit/s  flows: 1,234 live, 12 new/s, 10 ended/s",
                lines.get(1));
        assertEquals(
                "1,000,000 packets, 654 MB, 4,000 flows; 0 dropped, 7 unmatched", lines.get(2));
        assertEquals(
                "TCP round trips in the last minute: half <= 400 us, 99 % <= 3.2 ms", lines.get(3));
        assertEquals(" .@=  peak 98.1 Mbit/s", lines.get(4));
        assertEquals("", lines.get(5));
        assertEquals(
                "PROTO INITIATOR > RESPONDER                    >b/s  <b/s BYTES   RTT RETR STATE",
                lines.get(6));
        FlowRecord fastest = rows.getLast().flow();
        assertTrue(lines.get(7).contains(fastest.initiatorAddress()), lines.get(7));
        assertEquals(Math.min(24, 7 + rows.size()), lines.size());
    }

    @Test
    void noLineIsLongerThanTheScreenIsWideNorAreThereMoreThanItIsHigh() {
        List<FlowRecord> ended = Moments.flows();
        Random random = new Random(7);
        for (int i = 0; i < 3000; i++) {
            Size size =
                    i < 100
                            ? new Size(1 + i % 10, 1 + i / 10)
                            : new Size(1 + random.nextInt(250), 1 + random.nextInt(60));
            Display display =
                    new Display(
                            TopSort.values()[random.nextInt(5)],
                            1 + random.nextInt(100),
                            random.nextBoolean(),
                            random.nextBoolean(),
                            random.nextInt(5) == 0,
                            random.nextBoolean() ? "v1: the interface is down; waiting" : "",
                            random.nextBoolean());
            Moment any =
                    Moments.of(
                            "a/name\u001b[2Jthat is long".repeat(1 + random.nextInt(4)),
                            random.nextBoolean(),
                            random.nextInt(5) == 0 ? List.of() : rows,
                            random.nextBoolean() ? ended : List.of());
            List<Line> lines = Layout.of(any, display, size);
            assertTrue(lines.size() <= size.height(), size::toString);
            assertFalse(lines.isEmpty(), size::toString);
            for (Line line : lines) {
                assertTrue(line.text().length() <= size.width(), () -> size + line.text());
                assertTrue(line.text().chars().allMatch(c -> c >= 0x20 && c != 0x7f), line::text);
            }
        }
    }

    @Test
    void theOrderIsWhatItIsCalledAndDoesNotDependOnTheOrderOfTheSnapshot() {
        for (TopSort sort : TopSort.values()) {
            List<Row> expected = rows.stream().sorted(sort.order()).toList();
            List<String> whole = text(Layout.of(moment, sorted(sort), new Size(132, 1000)));
            Columns columns = new Columns(132, moment.nowNanos());
            List<String> shown = expected.stream().map(columns::of).toList();
            assertEquals(shown, whole.subList(7, whole.size()), sort.toString());
            // A small screen shows the beginning of the same.
            List<Row> shuffled = new ArrayList<>(rows);
            Collections.shuffle(shuffled, new Random(3));
            Moment other = Moments.of("eth0", true, shuffled, List.of());
            List<String> small = text(Layout.of(other, sorted(sort), new Size(132, 17)));
            assertEquals(whole.subList(0, 17), small, sort.toString());
        }
    }

    @Test
    void mostComesFirst() {
        for (TopSort sort : TopSort.values()) {
            List<Row> ordered = rows.stream().sorted(sort.order()).toList();
            for (int i = 1; i < ordered.size(); i++) {
                Row before = ordered.get(i - 1);
                Row row = ordered.get(i);
                long most =
                        sort == TopSort.RATE
                                ? before.bytesPerSecond()
                                : sort.measure().of(before.flow());
                long less =
                        sort == TopSort.RATE ? row.bytesPerSecond() : sort.measure().of(row.flow());
                assertTrue(most >= less, sort + " " + i);
            }
        }
    }

    @Test
    void flowsThatHaveEndedFillWhatTheLiveOnesLeave() {
        List<FlowRecord> ended = ended();
        Moment some = Moments.of("eth0", true, rows.subList(0, 3), ended);
        List<Line> lines = Layout.of(some, USUAL, new Size(100, 15));
        assertEquals(15, lines.size());
        List<Style> styles = lines.subList(7, 15).stream().map(Line::style).toList();
        List<Style> expected = new ArrayList<>(Collections.nCopies(3, Style.NORMAL));
        expected.addAll(Collections.nCopies(5, Style.ENDED));
        assertEquals(expected, styles);
        Display one = new Display(TopSort.BYTES, 1, false, false, false, "", true);
        assertEquals(8, Layout.of(some, one, new Size(100, 50)).size(), "--top 1");
    }

    private static List<FlowRecord> ended() {
        return Moments.flows().stream()
                .map(
                        f ->
                                new FlowRecord(
                                        f.key(),
                                        f.protocol(),
                                        f.initiatorIsSecond(),
                                        f.flipped(),
                                        f.startedNanos(),
                                        f.lastSeenNanos(),
                                        f.initiator(),
                                        f.responder(),
                                        f.state(),
                                        f.history(),
                                        f.roundTrips(),
                                        f.connectNanos(),
                                        f.vlan(),
                                        f.tunnel(),
                                        f.icmpType(),
                                        f.icmpCode(),
                                        f.moments(),
                                        io.flowscope.tracker.EndReason.FIN))
                .toList();
    }

    @Test
    void aPauseAMessageAndDropsAreSeen() {
        Display paused = new Display(TopSort.RTT, 5, false, true, false, "v1: down\u001b[2J", true);
        List<Line> lines = Layout.of(moment, paused, new Size(80, 24));
        assertTrue(lines.get(0).text().contains("PAUSED  by rtt"), lines.get(0).text());
        assertEquals(new Line("v1: down?[2J", Style.TITLE), lines.get(5));
    }

    @Test
    void theKeysAreShownInsteadOfTheFlows() {
        Display help = new Display(TopSort.RATE, 50, false, false, true, "", true);
        List<String> lines = text(Layout.of(moment, help, new Size(80, 24)));
        assertTrue(lines.contains("  q         leave"), lines::toString);
        assertFalse(lines.toString().contains("PROTO"), lines::toString);
    }

    @Test
    void aFrameIsOneWriteThatClearsWhatStoodThere() {
        List<Line> lines = List.of(new Line("abc", Style.TITLE), Line.of("abcd"));
        assertEquals(
                "\u001b[H\u001b[1mabc\u001b[m\u001b[K\r\nabcd\r\n\u001b[J",
                new String(
                        Frame.of(lines, new Size(4, 3), true),
                        java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(
                "\u001b[Habc\u001b[K\r\nabcd",
                new String(
                        Frame.of(lines, new Size(4, 2), false),
                        java.nio.charset.StandardCharsets.UTF_8));
    }
}
