package io.flowscope.cli.sessions;

import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.output.HumanText;
import io.flowscope.cli.output.TextTable;
import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.dns.DnsContent;
import io.flowscope.tracker.session.dns.DnsMessage;
import io.flowscope.tracker.session.dns.DnsQuery;
import io.flowscope.tracker.session.dns.DnsQuestion;
import io.flowscope.tracker.session.dns.DnsResponse;
import io.flowscope.tracker.session.dns.DnsUnanswered;
import io.flowscope.tracker.session.http.HttpExchange;
import io.flowscope.tracker.session.http.HttpRequest;
import io.flowscope.tracker.session.http.HttpResponse;
import io.flowscope.tracker.session.tls.ClientHello;
import io.flowscope.tracker.session.tls.ServerHello;
import io.flowscope.tracker.session.tls.TlsHandshake;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The first messages for people: who, what was asked, what came back. */
public final class TableSessions implements SessionOutput {
    private static final int WIDEST_CELL = 60;

    private final ByteSink out;
    private final boolean withFile;
    private final boolean colors;
    private final long limit;
    private final TextTable table = new TextTable();
    private long rows;

    /**
     * Writes to the sink.
     *
     * @param withFile whether the first column is the input's name
     * @param colors whether the terminal shows them
     * @param limit how many are shown, 0 for all
     */
    public TableSessions(ByteSink out, boolean withFile, boolean colors, long limit) {
        this.out = out;
        this.withFile = withFile;
        this.colors = colors;
        this.limit = limit == 0 ? Long.MAX_VALUE : limit;
        if (withFile) {
            table.column("FILE");
        }
        table.column("PROTO")
                .column("INITIATOR")
                .column("RESPONDER")
                .column("ASKED")
                .column("ANSWERED")
                .numbers("LATENCY");
    }

    @Override
    public void write(SessionRow row) {
        if (++rows > limit) {
            return;
        }
        List<String> cells = new ArrayList<>(7);
        if (withFile) {
            cells.add(TextTable.printable(row.file() == null ? "" : row.file()));
        }
        cells.add(row.protocol());
        cells.add(end(row.source(), row.sourcePort()));
        cells.add(end(row.destination(), row.destinationPort()));
        switch (row.message()) {
            case DnsMessage dns -> dns(cells, dns);
            case HttpExchange http -> http(cells, http);
            case TlsHandshake tls -> tls(cells, tls);
            default -> throw new IllegalArgumentException(row.message().getClass().getName());
        }
        table.row(cells.stream().map(TableSessions::fitting).toArray(String[]::new));
    }

    /** Messages that are not shown. */
    public long leftOut() {
        return Math.max(0, rows - limit);
    }

    @Override
    public void end() {
        table.writeTo(out, colors);
    }

    private static void dns(List<String> cells, DnsMessage message) {
        switch (message) {
            case DnsQuery query -> cells.addAll(List.of(question(query.content()), "", ""));
            case DnsUnanswered lost ->
                    cells.addAll(List.of(question(lost.query().content()), "no answer", ""));
            case DnsResponse response -> {
                DnsContent content = response.content();
                cells.add(question(content));
                cells.add(
                        content.answers().isEmpty()
                                ? content.rcodeName()
                                : content.answers().stream()
                                        .map(answer -> answer.data().text())
                                        .collect(Collectors.joining(", ")));
                cells.add(latency(response.latencyNanos()));
            }
        }
    }

    private static String question(DnsContent content) {
        if (content.questions().isEmpty()) {
            return "";
        }
        DnsQuestion question = content.questions().getFirst();
        return question.typeName() + " " + question.name();
    }

    private static void http(List<String> cells, HttpExchange exchange) {
        HttpRequest request = exchange.request();
        HttpResponse response = exchange.response();
        if (request == null) {
            cells.add("");
        } else {
            String host = request.head().host();
            cells.add(
                    request.head().method()
                            + " "
                            + (host == null ? "" : host)
                            + request.head().path());
        }
        cells.add(
                response == null
                        ? "no answer"
                        : response.head().status()
                                + ", "
                                + HumanText.bytes(response.body().lengthBytes()));
        cells.add(latency(exchange.latencyNanos()));
    }

    private static void tls(List<String> cells, TlsHandshake handshake) {
        ClientHello client = handshake.clientHello();
        ServerHello server = handshake.serverHello();
        ByteText name = client == null ? null : client.serverName();
        cells.add(name == null ? "" : name.toUtf8());
        cells.add(
                server == null
                        ? "no answer"
                        : server.versionName() + ", " + server.cipherSuiteName());
        cells.add("");
    }

    private static String latency(long nanos) {
        return nanos < 0 ? "" : HumanText.duration(nanos);
    }

    private static String end(String address, int port) {
        return address.indexOf(':') >= 0 ? '[' + address + "]:" + port : address + ':' + port;
    }

    private static String fitting(String cell) {
        String text = TextTable.printable(cell);
        return text.codePointCount(0, text.length()) <= WIDEST_CELL
                ? text
                : text.substring(0, text.offsetByCodePoints(0, WIDEST_CELL - 1)) + "…";
    }
}
