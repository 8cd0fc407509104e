package io.flowscope.cli.sessions;

import static io.flowscope.cli.output.JsonLines.name;

import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.output.JsonLines;
import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.dns.DnsContent;
import io.flowscope.tracker.session.dns.DnsMessage;
import io.flowscope.tracker.session.dns.DnsQuery;
import io.flowscope.tracker.session.dns.DnsQuestion;
import io.flowscope.tracker.session.dns.DnsResponse;
import io.flowscope.tracker.session.dns.DnsUnanswered;
import io.flowscope.tracker.session.http.HttpBody;
import io.flowscope.tracker.session.http.HttpExchange;
import io.flowscope.tracker.session.http.HttpRequest;
import io.flowscope.tracker.session.http.HttpResponse;
import io.flowscope.tracker.session.tls.ClientHello;
import io.flowscope.tracker.session.tls.ServerHello;
import io.flowscope.tracker.session.tls.TlsHandshake;

import org.jspecify.annotations.Nullable;

/** One JSON object per message; the names and their order are a contract. */
public final class NdjsonSessions implements SessionOutput {
    private static final byte[] FILE = name("file");
    private static final byte[] PROTOCOL = name("protocol");
    private static final byte[] SRC = name("src");
    private static final byte[] SRC_PORT = name("src_port");
    private static final byte[] DST = name("dst");
    private static final byte[] DST_PORT = name("dst_port");
    private static final byte[] TIME = name("time");
    private static final byte[] ID = name("id");
    private static final byte[] QUERY = name("query");
    private static final byte[] TYPE = name("type");
    private static final byte[] RCODE = name("rcode");
    private static final byte[] ANSWERS = name("answers");
    private static final byte[] LATENCY_US = name("latency_us");
    private static final byte[] METHOD = name("method");
    private static final byte[] HOST = name("host");
    private static final byte[] PATH = name("path");
    private static final byte[] STATUS = name("status");
    private static final byte[] VERSION = name("version");
    private static final byte[] REQUEST_BODY_SHA256 = name("request_body_sha256");
    private static final byte[] RESPONSE_BODY_SHA256 = name("response_body_sha256");
    private static final byte[] REQUEST_BODY_LENGTH = name("request_body_length");
    private static final byte[] RESPONSE_BODY_LENGTH = name("response_body_length");
    private static final byte[] SNI = name("sni");
    private static final byte[] ALPN = name("alpn");
    private static final byte[] VERSIONS = name("versions");
    private static final byte[] JA3 = name("ja3");
    private static final byte[] JA4 = name("ja4");
    private static final byte[] CIPHER = name("cipher");

    private final JsonLines json;

    /** Writes to the sink. */
    public NdjsonSessions(ByteSink out) {
        this.json = new JsonLines(out);
    }

    @Override
    public void write(SessionRow row) {
        json.begin()
                .textIfPresent(FILE, row.file())
                .plain(PROTOCOL, row.protocol())
                .plain(SRC, row.source())
                .number(SRC_PORT, row.sourcePort())
                .plain(DST, row.destination())
                .number(DST_PORT, row.destinationPort());
        json.field(TIME).put('"').putSeconds(row.timeNanos()).put('"');
        switch (row.message()) {
            case DnsMessage dns -> dns(dns);
            case HttpExchange http -> http(http);
            case TlsHandshake tls -> tls(tls);
            default -> throw new IllegalArgumentException(row.message().getClass().getName());
        }
        json.endLine();
    }

    private void dns(DnsMessage message) {
        switch (message) {
            case DnsQuery query -> question(query.content());
            case DnsUnanswered unanswered -> question(unanswered.query().content());
            case DnsResponse response -> {
                question(response.content());
                json.text(RCODE, response.content().rcodeName()).beginArray(ANSWERS);
                response.content().answers().forEach(a -> json.element(a.data().text()));
                json.endArray();
                if (response.latencyNanos() >= 0) {
                    json.number(LATENCY_US, response.latencyNanos() / 1_000);
                }
            }
        }
    }

    private void question(DnsContent content) {
        json.number(ID, content.id());
        if (!content.questions().isEmpty()) {
            DnsQuestion question = content.questions().getFirst();
            json.text(QUERY, question.name().toString()).text(TYPE, question.typeName());
        }
    }

    private void http(HttpExchange exchange) {
        HttpRequest request = exchange.request();
        HttpResponse response = exchange.response();
        if (request != null) {
            json.text(METHOD, request.head().method().toString())
                    .textIfPresent(HOST, request.head().host())
                    .text(PATH, request.head().path());
        }
        if (response != null) {
            json.number(STATUS, response.head().status());
        }
        ByteText version =
                request != null
                        ? request.head().version()
                        : response != null ? response.head().version() : ByteText.EMPTY;
        json.text(VERSION, version.toString());
        hash(REQUEST_BODY_SHA256, request == null ? null : request.body());
        hash(RESPONSE_BODY_SHA256, response == null ? null : response.body());
        if (request != null) {
            json.number(REQUEST_BODY_LENGTH, request.body().lengthBytes());
        }
        if (response != null) {
            json.number(RESPONSE_BODY_LENGTH, response.body().lengthBytes());
        }
    }

    /** Absent where there is no body, or not all of it was seen. */
    private void hash(byte[] field, @Nullable HttpBody body) {
        if (body != null && !body.sha256().isEmpty()) {
            json.plain(field, body.sha256().toHex());
        }
    }

    private void tls(TlsHandshake handshake) {
        ClientHello client = handshake.clientHello();
        ServerHello server = handshake.serverHello();
        if (client != null) {
            ByteText name = client.serverName();
            json.textIfPresent(SNI, name == null ? null : name.toUtf8()).beginArray(ALPN);
            client.alpn().forEach(protocol -> json.element(protocol.toUtf8()));
            json.endArray().beginArray(VERSIONS);
            client.versionNames().forEach(json::element);
            json.endArray().plain(JA3, client.ja3()).text(JA4, client.ja4());
        }
        if (server != null) {
            json.text(VERSION, server.versionName()).text(CIPHER, server.cipherSuiteName());
        }
    }
}
