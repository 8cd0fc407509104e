package io.flowscope.tracker.session.fuzz;

import io.flowscope.tracker.session.Mutations;
import io.flowscope.tracker.session.quic.QuicTarget;
import io.flowscope.tracker.session.tls.TlsBytes;
import io.flowscope.tracker.stream.reassembly.ReassemblyTarget;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/**
 * A moment of fuzzing per parser, and of the reassembler; {@code -Dflowscope.fuzz.seconds} makes it
 * longer, and {@code -Dflowscope.fuzz.seeds} names a folder for the seeds.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("StringConcatToTextBlock") // line ends are what the seeds are about
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class FuzzTest {
    private static final int MAX_POOL = 400;

    private static void fuzz(String name, Consumer<byte[]> target, byte[]... seeds) {
        write(name, seeds);
        long seconds = Long.getLong("flowscope.fuzz.seconds", 0);
        int rounds = 3000;
        Random random = new Random(seconds == 0 ? 11 : System.nanoTime());
        List<byte[]> pool = new ArrayList<>(Arrays.asList(seeds));
        pool.forEach(target);
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (int round = 0; round < rounds || System.nanoTime() < end; round++) {
            byte[] input = next(pool, random);
            try {
                target.accept(input);
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                String hex = HexFormat.of().formatHex(input);
                throw new AssertionError("round " + round + ", input " + hex, e);
            }
            if (random.nextInt(10) == 0) {
                if (pool.size() < MAX_POOL) {
                    pool.add(input);
                } else {
                    pool.set(seeds.length + random.nextInt(MAX_POOL - seeds.length), input);
                }
            }
        }
    }

    /** Leaves the seeds where a fuzzer outside finds them, if a folder is named. */
    private static void write(String name, byte[]... seeds) {
        String folder = System.getProperty("flowscope.fuzz.seeds");
        if (folder == null) {
            return;
        }
        try {
            Path into = Files.createDirectories(Path.of(folder, name));
            for (int i = 0; i < seeds.length; i++) {
                Files.write(into.resolve("seed-" + i), seeds[i]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] next(List<byte[]> pool, Random random) {
        byte[] input = pool.get(random.nextInt(pool.size()));
        return switch (random.nextInt(8)) {
            case 0 -> {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                yield noise;
            }
            case 1 -> Arrays.copyOf(input, random.nextInt(input.length + 1));
            case 2 -> {
                byte[] other = pool.get(random.nextInt(pool.size()));
                int cut = random.nextInt(input.length + 1);
                int from = random.nextInt(other.length + 1);
                byte[] joined = Arrays.copyOf(input, Math.min(20_000, cut + other.length - from));
                System.arraycopy(other, from, joined, cut, Math.max(0, joined.length - cut));
                yield joined;
            }
            default -> Mutations.of(input, random);
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] behind(int first, byte[] rest) {
        byte[] all = new byte[rest.length + 1];
        all[0] = (byte) first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    @Test
    void dnsStandsIt() {
        byte[] query = new byte[29];
        query[0] = 5;
        query[5] = 1;
        System.arraycopy(ascii("\3www\7example"), 0, query, 12, 12);
        query[26] = 1;
        query[28] = 1;
        byte[] answer = Arrays.copyOf(query, 29 + 16 + 40 + 11);
        answer[2] = (byte) 0x81;
        answer[7] = 2;
        answer[11] = 1;
        byte[] records = {
            (byte) 0xc0,
            12,
            0,
            1,
            0,
            1,
            0,
            0,
            1,
            0,
            0,
            4,
            1,
            2,
            3,
            4,
            (byte) 0xc0,
            12,
            0,
            65,
            0,
            1,
            0,
            0,
            1,
            0,
            0,
            28,
            0,
            1,
            0,
            0,
            1,
            0,
            3,
            2,
            'h',
            '2',
            0,
            3,
            0,
            2,
            1,
            (byte) 187,
            0,
            4,
            0,
            4,
            1,
            2,
            3,
            4,
            0,
            5,
            0,
            1,
            0,
            0,
            41,
            4,
            (byte) 0xd0,
            0,
            0,
            0,
            0,
            0,
            0
        };
        System.arraycopy(records, 0, answer, 29, records.length);
        byte[] framedQuery = join(new byte[] {0, (byte) query.length}, query);
        byte[] framedAnswer = join(new byte[] {0, (byte) answer.length}, answer);
        fuzz(
                "dns",
                DnsTarget::fuzzerTestOneInput,
                behind(1, query),
                behind(1, answer),
                behind(0, new Script().client(framedQuery).server(framedAnswer).end(0).bytes()));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void httpStandsIt() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(ascii("hello hello hello hello".repeat(9)));
        }
        String head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ";
        byte[] packed = join(ascii(head + zipped.size() + "\r\n\r\n"), zipped.toByteArray());
        byte[] request = ascii("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
        byte[] chunked =
                ascii(
                        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\n"
                                + "T: 1\r\n\r\n");
        byte[] upgrade = ascii("GET / HTTP/1.1\r\nUpgrade: x\r\n\r\nGET /2 HTTP/1.0\n\n");
        fuzz(
                "http",
                HttpTarget::fuzzerTestOneInput,
                new Script().client(request).server(packed).end(1).bytes(),
                new Script()
                        .client(chunked)
                        .server(ascii("HTTP/1.0 200 OK\n A\nB:1\n C\n\nx"))
                        .end(1)
                        .bytes(),
                new Script()
                        .client(upgrade)
                        .server(ascii("HTTP/1.1 404 N\r\nContent-Length: 5\r\n\r\nab"))
                        .gap(1, 2)
                        .bytes(),
                new Script()
                        .client(ascii("CONNECT h:1 HTTP/1.1\r\n\r\n"))
                        .server(ascii("HTTP/1.1 200 OK\r\n\r\n"))
                        .bytes());
    }

    @Test
    void tlsStandsIt() {
        byte[] hello =
                TlsBytes.record(22, TlsBytes.handshake(1, TlsBytes.modernClient("a.example")));
        byte[] answer =
                TlsBytes.record(22, TlsBytes.handshake(2, TlsBytes.serverBody(0x0303, 0xc02f)));
        byte[] certificates =
                TlsBytes.record(
                        22,
                        TlsBytes.handshake(11, new byte[] {0, 0, 7, 0, 0, 4, 0x30, 2, 0x30, 0}));
        byte[] change = TlsBytes.record(20, new byte[] {1});
        byte[] alert = TlsBytes.record(21, new byte[] {2, 40});
        fuzz(
                "tls",
                TlsTarget::fuzzerTestOneInput,
                new Script()
                        .client(hello)
                        .server(answer)
                        .server(certificates)
                        .client(change)
                        .server(change)
                        .bytes(),
                new Script().client(hello).server(alert).gap(1, 9).bytes(),
                new Script()
                        .client(new byte[] {(byte) 0x80, 12, 1, 3, 1, 0, 3, 0, 0, 0, 0, 0, 0, 5})
                        .server(answer)
                        .bytes());
    }

    @Test
    void tlsBehindAnotherProtocolStandsIt() {
        byte[] hello =
                TlsBytes.record(22, TlsBytes.handshake(1, TlsBytes.modernClient("a.example")));
        byte[] answer =
                TlsBytes.record(22, TlsBytes.handshake(2, TlsBytes.serverBody(0x0303, 0xc02f)));
        byte[] almost = {0x16, 3, 0x16, 3, 1, 1, 0, 1, 0, 0, 0x16, 3, 1, 2, 0, 1, 0, 1, 0};
        fuzz(
                "latetls",
                LateTlsTarget::fuzzerTestOneInput,
                new Script()
                        .server(ascii("220 a\r\n"))
                        .client(ascii("STARTTLS\r\n"))
                        .server(ascii("220 b\r\n"))
                        .client(hello)
                        .server(answer)
                        .bytes(),
                new Script().client(almost).gap(0, 3).client(hello).server(almost).bytes());
    }

    @Test
    void quicStandsIt() {
        byte[] hello = TlsBytes.handshake(1, TlsBytes.modernClient("a.example"));
        byte[] frame = join(new byte[] {6, 0, 0x40 | 1, (byte) (hello.length - 256)}, hello);
        byte[] raw =
                join(
                        new byte[] {(byte) 0xc3, 0, 0, 0, 1, 4, 1, 2, 3, 4, 0, 0, 0x40, 30},
                        new byte[30]);
        fuzz(
                "quic",
                QuicTarget::fuzzerTestOneInput,
                join(new byte[] {2, (byte) (frame.length >> 8), (byte) frame.length}, frame),
                join(new byte[] {0, 0, (byte) raw.length}, raw));
    }

    @Test
    void reassemblyStandsIt() {
        Random random = new Random(3);
        byte[][] seeds = new byte[3][];
        for (int i = 0; i < seeds.length; i++) {
            seeds[i] = new byte[300 << i];
            random.nextBytes(seeds[i]);
        }
        fuzz("reassembly", ReassemblyTarget::fuzzerTestOneInput, seeds);
    }
}
