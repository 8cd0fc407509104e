package io.flowscope.tracker.session.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.Splits;
import io.flowscope.tracker.session.Talk;
import io.flowscope.tracker.session.http.HttpBody.Keeping;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

@Execution(ExecutionMode.CONCURRENT)
class HttpBodyTest {
    private static final byte[] TEXT =
            "all work and no play makes jack a dull boy. "
                    .repeat(20)
                    .getBytes(StandardCharsets.US_ASCII);

    private static Supplier<SessionParser<HttpMessage>> parsers(HttpOptions.Builder options) {
        HttpOptions built = options.hashBodies(true).build();
        return () -> new HttpFactory(built).newStreamParser(new Ports(40000, 80));
    }

    private static Talk response(String headers, byte[] body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        String head =
                "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + body.length + "\r\n\r\n";
        all.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(body);
        return new Talk().server(all.toByteArray());
    }

    private static HttpBody body(String coding, byte[] sent, HttpOptions.Builder options)
            throws Exception {
        Talk.Run run =
                Splits.same(
                        response(
                                coding.isEmpty() ? "" : "Content-Encoding: " + coding + "\r\n",
                                sent),
                        parsers(options));
        HttpBody body = run.only(HttpResponse.class).body();
        assertEquals(sent.length, body.lengthBytes());
        assertEquals(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(sent)),
                body.sha256().toHex());
        return body;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] bytes, boolean raw) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(out, new Deflater(9, raw))) {
            deflate.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void gzipAndDeflateAreDecoded() throws Exception {
        for (byte[] sent : new byte[][] {gzip(TEXT), join(gzip(TEXT), new byte[] {9, 9, 9})}) {
            HttpBody body = body("gzip", sent, HttpOptions.builder());
            assertEquals(Keeping.DECODED, body.keeping());
            assertArrayEquals(TEXT, body.kept().toArray());
        }
        for (boolean raw : new boolean[] {true, false}) {
            HttpBody body = body("Deflate", deflate(TEXT, raw), HttpOptions.builder());
            assertEquals(Keeping.DECODED, body.keeping());
            assertArrayEquals(TEXT, body.kept().toArray());
        }
    }

    @Test
    void severalMembersAndEveryHeaderFieldOfGzipAreRead() throws Exception {
        byte[] plain = gzip(TEXT);
        byte[] deflated = Arrays.copyOfRange(plain, 10, plain.length);
        byte[] header = {0x1f, (byte) 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3};
        byte[] fields = {2, 0, 7, 7, 'n', 'a', 'm', 'e', 0, 'c', 0};
        CRC32 crc = new CRC32();
        crc.update(header);
        crc.update(fields);
        byte[] check = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
        HttpBody body =
                body("x-gzip", join(header, fields, check, deflated, plain), HttpOptions.builder());
        assertEquals(Keeping.DECODED, body.keeping());
        assertArrayEquals(join(TEXT, TEXT), body.kept().toArray());
    }

    @Test
    void damagedCodingsGiveWhatCameBefore() throws Exception {
        byte[] cut = Arrays.copyOf(gzip(TEXT), 60);
        HttpBody body = body("gzip", cut, HttpOptions.builder());
        assertEquals(Keeping.DAMAGED, body.keeping());
        assertEquals("all work", body.kept().toString().substring(0, 8));
        assertEquals(Keeping.DAMAGED, body("gzip", TEXT, HttpOptions.builder()).keeping());
        byte[] bad = gzip(TEXT);
        Arrays.fill(bad, 12, 40, (byte) 0xff);
        assertEquals(Keeping.DAMAGED, body("gzip", bad, HttpOptions.builder()).keeping());
    }

    @Test
    void codingsThatAreUnknownOrUnwantedAreKeptAsSent() throws Exception {
        assertEquals(Keeping.WHOLE, body("br", TEXT, HttpOptions.builder()).keeping());
        assertEquals(Keeping.WHOLE, body("gzip, br", TEXT, HttpOptions.builder()).keeping());
        assertEquals(Keeping.WHOLE, body("identity", TEXT, HttpOptions.builder()).keeping());
        byte[] sent = gzip(TEXT);
        HttpBody raw = body("gzip", sent, HttpOptions.builder().decodeBodies(false));
        assertEquals(Keeping.WHOLE, raw.keeping());
        assertArrayEquals(sent, raw.kept().toArray());
    }

    @Test
    void whatIsKeptHasALimitAndTheHashHasNone() throws Exception {
        HttpBody limited = body("", TEXT, HttpOptions.builder().keepBodyBytes(100));
        assertEquals(Keeping.LIMITED, limited.keeping());
        assertArrayEquals(Arrays.copyOf(TEXT, 100), limited.kept().toArray());
        assertEquals(
                Keeping.WHOLE,
                body("", TEXT, HttpOptions.builder().keepBodyBytes(TEXT.length)).keeping());
        assertEquals(
                Keeping.LIMITED,
                body("", TEXT, HttpOptions.builder().keepBodyBytes(TEXT.length - 1)).keeping());
        assertEquals(
                Keeping.NOTHING,
                body("gzip", gzip(TEXT), HttpOptions.builder().keepBodyBytes(0)).keeping());
        HttpBody decoded = body("gzip", gzip(TEXT), HttpOptions.builder().keepBodyBytes(100));
        assertEquals(Keeping.DECODED_LIMITED, decoded.keeping());
        assertArrayEquals(Arrays.copyOf(TEXT, 100), decoded.kept().toArray());
        assertEquals(
                Keeping.DECODED,
                body("gzip", gzip(TEXT), HttpOptions.builder().keepBodyBytes(TEXT.length))
                        .keeping());
    }

    @Test
    void aSmallBodyThatInflatesToAHugeOneCostsNoMoreThanTheLimit() throws Exception {
        byte[] bomb = gzip(new byte[50_000_000]);
        Talk talk = response("Content-Encoding: gzip\r\n", bomb);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        Talk.Run run = talk.run(parsers(HttpOptions.builder().keepBodyBytes(10_000)), left -> 1000);
        assertTrue(threads.getCurrentThreadCpuTime() - start < 2_000_000_000L);
        assertTrue(run.maxHeldBytes() < 40_000, "held " + run.maxHeldBytes());
        assertEquals(Keeping.DECODED_LIMITED, run.only(HttpResponse.class).body().keeping());
    }

    @Test
    void largeBodiesAreHashedWhole() throws Exception {
        byte[] large = new byte[20_000];
        new Random(1).nextBytes(large);
        HttpBody body =
                Splits.same(response("", large), parsers(HttpOptions.builder().keepBodyBytes(0)))
                        .only(HttpResponse.class)
                        .body();
        assertEquals(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(large)),
                body.sha256().toHex());
    }

    @Test
    void bodiesThatNobodyWantsAreOnlyCounted() {
        HttpOptions options = HttpOptions.builder().keepBodyBytes(0).build();
        byte[] large = new byte[20_000];
        Talk talk = response("", large).server("HTTP/1.1 204 No\r\n\r\n");
        Talk.Run run =
                Splits.same(talk, () -> new HttpFactory(options).newStreamParser(new Ports(1, 80)));
        HttpBody body = run.all(HttpResponse.class).getFirst().body();
        assertEquals(20_000, body.lengthBytes());
        assertTrue(body.sha256().isEmpty());
        assertTrue(run.maxHeldBytes() < 1000);
        assertEquals(2, run.all(HttpResponse.class).size());
    }
}
