package io.flowscope.cli.top;

import io.flowscope.cli.flows.Protocols;
import io.flowscope.cli.watch.FlowBoard.Row;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.TcpState;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the table says of a flow, as much of it as the width has room for:
 *
 * <pre>
 *   PROTO INITIATOR > RESPONDER         >b/s  &lt;b/s BYTES  PKTS   RTT   MIN RETR STATE   AGE
 * </pre>
 *
 * <p>The endpoints get what the others leave.
 */
final class Columns {
    private static final int PROTOCOL_WIDTH = 5;

    private final int width;
    private final int endpointsWidth;
    private final long nowNanos;
    private final List<Column> shown;

    /** A column on the right of the endpoints; each begins with a space. */
    private enum Column {
        INITIATOR_RATE(">b/s", 6, 36),
        RESPONDER_RATE("<b/s", 6, 44),
        BYTES("BYTES", 6, 50),
        PACKETS("PKTS", 6, 104),
        RTT("RTT", 6, 60),
        RTT_MIN("MIN", 6, 112),
        RETRANSMITS("RETR", 5, 70),
        STATE("STATE", 6, 78),
        AGE("AGE", 6, 88);

        private final String title;

        /** With the space before it. */
        private final int width;

        /** Of the whole line, from which on there is room for it. */
        private final int fromWidth;

        Column(String title, int width, int fromWidth) {
            this.title = title;
            this.width = width;
            this.fromWidth = fromWidth;
        }
    }

    /**
     * @param nowNanos to which flows that live have aged
     */
    Columns(int width, long nowNanos) {
        this.width = width;
        this.nowNanos = nowNanos;
        shown = Arrays.stream(Column.values()).filter(c -> width >= c.fromWidth).toList();
        int others = PROTOCOL_WIDTH + 1 + shown.stream().mapToInt(c -> c.width).sum();
        endpointsWidth = Math.max(0, width - others);
    }

    /** The titles, as wide as all. */
    String titles() {
        List<String> cells = new ArrayList<>();
        shown.forEach(column -> cells.add(column.title));
        return line("PROTO", "INITIATOR > RESPONDER", cells);
    }

    /** A flow. */
    String of(Row row) {
        List<String> cells = new ArrayList<>();
        shown.forEach(column -> cells.add(cell(column, row)));
        FlowRecord flow = row.flow();
        return line(Protocols.name(flow.protocol()), Endpoints.of(flow, endpointsWidth), cells);
    }

    private String line(String protocol, String endpoints, List<String> cells) {
        StringBuilder line = new StringBuilder(width);
        line.append(PlainText.left(protocol, PROTOCOL_WIDTH)).append(' ');
        line.append(PlainText.left(endpoints, endpointsWidth));
        for (int i = 0; i < cells.size(); i++) {
            line.append(' ').append(PlainText.right(cells.get(i), shown.get(i).width - 1));
        }
        return PlainText.cut(line.toString(), width);
    }

    private String cell(Column column, Row row) {
        FlowRecord flow = row.flow();
        return switch (column) {
            case INITIATOR_RATE -> Compact.number(bits(row.initiatorRate()));
            case RESPONDER_RATE -> Compact.number(bits(row.responderRate()));
            case BYTES -> Compact.number(flow.initiator().bytes() + flow.responder().bytes());
            case PACKETS -> Compact.number(flow.initiator().packets() + flow.responder().packets());
            case RTT -> roundTrip(flow, Math.round(flow.roundTrips().mean()));
            case RTT_MIN -> roundTrip(flow, flow.roundTrips().min());
            case RETRANSMITS -> retransmits(flow);
            case STATE -> state(flow);
            case AGE ->
                    Compact.age(
                            flow.reason() == null
                                    ? nowNanos - flow.startedNanos()
                                    : flow.durationNanos());
        };
    }

    private static long bits(long bytes) {
        return bytes < 0 ? -1 : 8 * bytes;
    }

    private static String roundTrip(FlowRecord flow, long nanos) {
        return flow.roundTrips().count() == 0 ? "-" : Compact.latency(nanos);
    }

    private static String retransmits(FlowRecord flow) {
        long count = flow.initiator().retransmissions() + flow.responder().retransmissions();
        return !isTcp(flow) ? "-" : count < 10_000 ? Long.toString(count) : ">9999";
    }

    private static boolean isTcp(FlowRecord flow) {
        return Protocols.name(flow.protocol()).equals("tcp");
    }

    /** In at most five letters: why it ended, or where a TCP connection is. */
    private static String state(FlowRecord flow) {
        EndReason reason = flow.reason();
        if (reason != null) {
            return switch (reason) {
                case FIN -> "fin";
                case RST -> "rst";
                case IDLE -> "idle";
                case EVICTED -> "evict";
                case BUFFER_OVERFLOW -> "overf";
                case PARSE_ERROR -> "parse";
                case REUSED -> "reuse";
                case FINISHED -> isTcp(flow) ? state(flow.state()) : "end";
            };
        }
        return isTcp(flow) ? state(flow.state()) : "-";
    }

    private static String state(TcpState state) {
        return switch (state) {
            case ACTIVE -> "activ";
            case SYN_SENT -> "syn";
            case SYN_RECEIVED -> "synrc";
            case ESTABLISHED -> "estab";
            case FIN_WAIT -> "finwt";
            case CLOSING -> "closg";
            case CLOSED -> "closd";
            case RESET -> "reset";
        };
    }
}
