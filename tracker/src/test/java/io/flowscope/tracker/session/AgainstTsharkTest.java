package io.flowscope.tracker.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.session.dns.DnsContent;
import io.flowscope.tracker.session.dns.DnsData;
import io.flowscope.tracker.session.dns.DnsProtocol;
import io.flowscope.tracker.session.dns.DnsQuery;
import io.flowscope.tracker.session.dns.DnsQuestion;
import io.flowscope.tracker.session.dns.DnsRecord;
import io.flowscope.tracker.session.dns.DnsResponse;
import io.flowscope.tracker.session.http.HttpBody;
import io.flowscope.tracker.session.http.HttpOptions;
import io.flowscope.tracker.session.http.HttpProtocol;
import io.flowscope.tracker.session.http.HttpRequest;
import io.flowscope.tracker.session.http.HttpResponse;
import io.flowscope.tracker.session.quic.QuicProtocol;
import io.flowscope.tracker.session.tls.ClientHello;
import io.flowscope.tracker.session.tls.ServerHello;
import io.flowscope.tracker.session.tls.TlsProtocol;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Messages of real captures, compared with what tshark prints for them. It takes most of the time:
 * captures are compared side by side, and each is read by it once for each thing that is compared.
 */
@Tag("slow")
@Tag("unchecked") // parsers hold nothing of a batch
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgainstTsharkTest {
    private final Map<Path, List<TsharkPackets.Packet>> packets = new ConcurrentHashMap<>();

    /** Compares one capture; the result is how many things there were to compare. */
    private interface Comparison {
        int compare(Path capture) throws Exception;
    }

    private static int ofAllCaptures(Comparison comparison) throws IOException {
        Needs.tool("tshark");
        try (Stream<Path> files = Files.list(Needs.captures().resolve("real"))) {
            return files
                    .filter(f -> f.toString().matches(".*\\.pcap(ng)?(\\.gz)?"))
                    .toList()
                    .parallelStream()
                    .mapToInt(
                            capture -> {
                                try {
                                    return comparison.compare(capture);
                                } catch (Exception e) {
                                    throw new IllegalStateException(capture.toString(), e);
                                }
                            })
                    .sum();
        }
    }

    private List<TsharkPackets.Packet> packets(Path capture) {
        return packets.computeIfAbsent(
                capture,
                c -> {
                    try {
                        return TsharkPackets.of(c);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    private static void count(Map<String, Integer> into, String what) {
        into.merge(what, 1, Integer::sum);
    }

    /** How a capture is turned into messages. */
    private enum Way {
        /** Each protocol's parser on every flow, streams put in order by a few lines of test. */
        PARSER,
        /** The whole tracker, all protocols together. */
        TRACKER
    }

    private <M> List<CaptureRun.Flow> run(Way way, Path capture, SessionProtocol<M> protocol)
            throws IOException {
        return switch (way) {
            case PARSER -> CaptureRun.of(packets(capture), protocol);
            case TRACKER ->
                    TrackedRun.of(
                            capture, SessionOptions.builder().protocol(protocol).build(), null);
        };
    }

    @Test
    void dnsMessagesAreThose() throws Exception {
        int messages = ofAllCaptures(this::compareDns);
        assertTrue(messages > 50, "compared " + messages);
    }

    private int compareDns(Path capture) throws IOException {
        String[] fields = {
            "dns.id",
            "dns.qry.name",
            "dns.a",
            "dns.aaaa",
            "dns.cname",
            "dns.ns",
            "dns.ptr.domain_name",
            "dns.mx.mail_exchange",
            "dns.srv.target",
            "dns.naptr.replacement",
            "dns.soa.serial_number",
            "dns.flags.rcode"
        };
        Map<String, Integer> expected = new TreeMap<>();
        String filter =
                "(dns or mdns or llmnr) and not icmp and not icmpv6 and not"
                        + " tcp.analysis.retransmission and"
                        + " (udp.port in {53,5353,5355} or tcp.port==53)";
        for (String[] row : TsharkPackets.rows(capture, filter, "a", fields)) {
            for (int i = 0; i < fields.length; i++) {
                for (String value : row[i].split(";", -1)) {
                    if (!value.isEmpty()) {
                        count(expected, fields[i] + " " + value);
                    }
                }
            }
        }
        for (Way way : Way.values()) {
            Map<String, Integer> actual = new TreeMap<>();
            for (CaptureRun.Flow flow : run(way, capture, new DnsProtocol())) {
                Ports p = flow.ports();
                if (p.either(53) || p.either(5353) || p.either(5355)) {
                    flow.all(DnsQuery.class).forEach(q -> dns(actual, q.content()));
                    flow.all(DnsResponse.class).forEach(r -> dns(actual, r.content()));
                }
            }
            assertEquals(expected, actual, capture + " " + way);
        }
        return expected.size();
    }

    private static void dns(Map<String, Integer> into, DnsContent content) {
        count(into, "dns.id 0x" + HexFormat.of().toHexDigits((char) content.id()));
        for (DnsQuestion question : content.questions()) {
            count(into, "dns.qry.name " + question.name());
        }
        if (content.response()) {
            count(into, "dns.flags.rcode " + (content.flags() & 15));
        }
        Stream.of(content.answers(), content.authorities(), content.additionals())
                .flatMap(List::stream)
                .forEach(record -> dns(into, record));
    }

    private static void dns(Map<String, Integer> into, DnsRecord record) {
        switch (record.data()) {
            case DnsData.Address a ->
                    count(into, (a.bytes().length() == 4 ? "dns.a " : "dns.aaaa ") + a.text());
            case DnsData.Name name -> {
                String field =
                        switch (record.type()) {
                            case 2 -> "dns.ns ";
                            case 5 -> "dns.cname ";
                            case 12 -> "dns.ptr.domain_name ";
                            default -> "";
                        };
                if (!field.isEmpty()) {
                    count(into, field + name.name());
                }
            }
            case DnsData.MailExchange mail ->
                    count(into, "dns.mx.mail_exchange " + mail.exchange());
            case DnsData.Service service -> count(into, "dns.srv.target " + service.target());
            case DnsData.NamingAuthority naptr ->
                    count(into, "dns.naptr.replacement " + naptr.replacement());
            case DnsData.StartOfAuthority soa ->
                    count(into, "dns.soa.serial_number " + soa.serial());
            case DnsData.Text text -> {}
            case DnsData.ServiceBinding binding -> {}
            case DnsData.Raw raw -> {}
        }
    }

    @Test
    void httpBodiesAreThose(@TempDir Path folder) throws Exception {
        int bodies =
                ofAllCaptures(capture -> speaksHttp(capture) ? compareHttp(capture, folder) : 0);
        assertTrue(bodies > 10, "compared " + bodies);
    }

    /**
     * Without any head, what flows on port 80 is a body to tshark and nothing to us; and after an
     * urgent byte tshark begins anew and takes half a head for a body.
     */
    private static boolean speaksHttp(Path capture) throws IOException {
        return !TsharkPackets.rows(capture, "http.request or http.response", "a", "frame.number")
                        .isEmpty()
                && TsharkPackets.rows(capture, "tcp.flags.urg==1", "a", "frame.number").isEmpty();
    }

    private int compareHttp(Path capture, Path folder) throws Exception {
        Path out = Files.createDirectory(folder.resolve(capture.getFileName().toString()));
        new ProcessBuilder(
                        "tshark",
                        "-n",
                        "-Q",
                        "-r",
                        capture.toString(),
                        "--export-objects",
                        "http," + out)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        List<String> expected = new ArrayList<>();
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                if (bytes.length > 0) {
                    expected.add(bytes.length + " " + sha256(bytes));
                }
            }
        }
        HttpOptions whole =
                HttpOptions.builder().keepBodyBytes(1 << 26).maxHeadBytes(1 << 20).build();
        for (Way way : Way.values()) {
            List<String> actual = new ArrayList<>();
            for (CaptureRun.Flow flow : run(way, capture, new HttpProtocol(whole))) {
                for (HttpRequest request : flow.all(HttpRequest.class)) {
                    body(actual, request.body());
                }
                for (HttpResponse response : flow.all(HttpResponse.class)) {
                    body(actual, response.body());
                }
            }
            List<String> missing = new ArrayList<>(expected);
            actual.forEach(missing::remove);
            assertEquals(List.of(), missing, capture + " " + way + ": ours " + actual);
        }
        return expected.size();
    }

    private static void body(List<String> into, HttpBody body) throws Exception {
        if (body.kept().length() > 0) {
            into.add(body.kept().length() + " " + sha256(body.kept().toArray()));
        }
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void tlsFingerprintsAreThose() throws Exception {
        int hellos = ofAllCaptures(this::compareTls);
        assertTrue(hellos > 200, "compared " + hellos);
    }

    private int compareTls(Path capture) throws IOException {
        List<String[]> rows =
                TsharkPackets.rows(
                        capture,
                        "tls.handshake.ja3 or tls.handshake.ja3s",
                        "a",
                        "tcp.stream",
                        "udp.stream",
                        "tls.handshake.ja3",
                        "tls.handshake.ja3s",
                        "tls.handshake.extensions_server_name");
        int hellos = 0;
        for (Way way : Way.values()) {
            TreeSet<String> expected = new TreeSet<>();
            for (String[] row : rows) {
                String stream = row[0].isEmpty() ? "u" + row[1] : "t" + row[0];
                stream = way == Way.PARSER ? stream : "";
                for (int i = 2; i < 5; i++) {
                    for (String value : row[i].split(";", -1)) {
                        if (!value.isEmpty()) {
                            expected.add(stream + " " + value);
                        }
                    }
                }
            }
            TreeSet<String> actual = new TreeSet<>();
            for (SessionProtocol<?> protocol : List.of(new TlsProtocol(), new QuicProtocol())) {
                for (CaptureRun.Flow flow : run(way, capture, protocol)) {
                    String stream = way == Way.PARSER ? flow.stream() : "";
                    boolean tls = !flow.closed().toString().contains("a record of no known type");
                    if (way == Way.PARSER && protocol instanceof TlsProtocol && !tls) {
                        expected.removeIf(s -> s.startsWith(stream + " "));
                    }
                    for (ClientHello hello : flow.all(ClientHello.class)) {
                        actual.add(stream + " " + hello.ja3());
                        if (hello.serverName() != null) {
                            actual.add(stream + " " + hello.serverName());
                        }
                    }
                    for (ServerHello hello : flow.all(ServerHello.class)) {
                        actual.add(stream + " " + hello.ja3s());
                    }
                }
            }
            expected.removeAll(actual);
            assertEquals(new TreeSet<>(), expected, capture + " " + way + ": ours " + actual);
            hellos += actual.size();
        }
        return hellos;
    }
}
