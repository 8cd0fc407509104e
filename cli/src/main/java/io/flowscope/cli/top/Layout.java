package io.flowscope.cli.top;

import io.flowscope.cli.top.Line.Style;
import io.flowscope.cli.watch.FlowBoard.Row;
import io.flowscope.tracker.FlowRecord;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The lines of a screen: the header, as much of it as the height has room for, then flows. A pure
 * function of its arguments.
 */
final class Layout {
    private static final String[] KEYS = {
        "q         leave",
        "p, space  pause the display, or let it go on; nothing is missed",
        "s         the next order",
        "r         sort by rate: bits per second since the last frame",
        "b         sort by bytes",
        "n         sort by packets",
        "t         sort by round trip, the mean",
        "x         sort by retransmissions",
        "Ctrl-L    draw everything anew",
        "h, ?      show the keys, or no more",
        "",
        ">b/s <b/s    bits per second that the initiator sends, and the responder",
        "RTT MIN      the mean round trip of TCP, and the shortest",
        "RETR         TCP segments sent again, by both sides",
        "STATE        of TCP; of flows that have ended, why",
    };

    private final Moment moment;
    private final Display display;

    /**
     * How it is to be shown.
     *
     * @param sort which flows come first
     * @param rows most flows
     * @param unicode whether more than ASCII can be shown
     * @param paused said in the title
     * @param help the keys instead of flows
     * @param message below the header, empty for none
     * @param hint whether to say that there are keys
     */
    record Display(
            TopSort sort,
            int rows,
            boolean unicode,
            boolean paused,
            boolean help,
            String message,
            boolean hint) {}

    private Layout(Moment moment, Display display) {
        this.moment = moment;
        this.display = display;
    }

    /** At most as many lines as the height, none longer than the width. */
    static List<Line> of(Moment moment, Display display, Size size) {
        return new Layout(moment, display).lines(size.width(), size.height());
    }

    private List<Line> lines(int width, int height) {
        List<Line> lines = new ArrayList<>(header(width, height));
        if (display.help) {
            for (String key : KEYS) {
                lines.add(Line.of("  " + key));
            }
        } else if (height > lines.size()) {
            Columns columns = new Columns(width, moment.nowNanos());
            lines.add(new Line(columns.titles(), Style.COLUMNS));
            int room = Math.min(display.rows, height - lines.size());
            for (Row row : rows(room)) {
                boolean ended = row.flow().reason() != null;
                lines.add(new Line(columns.of(row), ended ? Style.ENDED : Style.NORMAL));
            }
        }
        return lines.stream()
                .limit(Math.max(0, height))
                .map(line -> new Line(PlainText.cut(line.text(), width), line.style()))
                .toList();
    }

    private List<Line> header(int width, int height) {
        HeaderText text = new HeaderText(moment);
        List<Line> header = new ArrayList<>();
        if (height >= 5) {
            header.add(new Line(text.title(display, width), Style.TITLE));
        }
        header.add(Line.of(text.rates()));
        if (height >= 6) {
            boolean lost = moment.totals().drops() > 0;
            header.add(new Line(text.losses(), lost ? Style.ALERT : Style.NORMAL));
        }
        if (height >= 8) {
            header.add(Line.of(text.roundTrips()));
        }
        if (height >= 10) {
            header.add(Line.of(text.speed(width, display.unicode)));
        }
        if (!display.message.isEmpty() && height >= 4) {
            header.add(new Line(PlainText.of(display.message), Style.TITLE));
        } else if (height >= 14) {
            header.add(Line.of(""));
        }
        return header;
    }

    /** The first ones in order: those that live, then those that have ended. */
    private List<Row> rows(int room) {
        List<Row> rows = new ArrayList<>(first(room));
        for (FlowRecord flow : moment.ended().getOrDefault(display.sort.measure(), List.of())) {
            if (rows.size() < room) {
                rows.add(Row.still(flow));
            }
        }
        return rows;
    }

    /** Of many flows only those that are shown are sorted. */
    private List<Row> first(int room) {
        Comparator<Row> order = display.sort.order();
        PriorityQueue<Row> kept = new PriorityQueue<>(order.reversed());
        for (Row row : moment.flows()) {
            if (kept.size() < room) {
                kept.add(row);
            } else if (room > 0 && order.compare(row, kept.element()) < 0) {
                kept.remove();
                kept.add(row);
            }
        }
        return kept.stream().sorted(order).toList();
    }
}
