package io.flowscope.tracker.session.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Writes hellos and records, right or wrong. */
public final class TlsBytes {
    private TlsBytes() {}

    static byte[] u16(int... values) {
        byte[] bytes = new byte[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[2 * i] = (byte) (values[i] >> 8);
            bytes[2 * i + 1] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Bytes behind their length, which takes 1 to 3 bytes. */
    static byte[] sized(int lengthBytes, byte[]... parts) {
        byte[] body = join(parts);
        byte[] length = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            length[i] = (byte) (body.length >> (8 * (lengthBytes - 1 - i)));
        }
        return join(length, body);
    }

    static byte[] extension(int type, byte[]... body) {
        return join(u16(type), sized(2, body));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] serverName(String name) {
        return extension(0, sized(2, new byte[] {0}, sized(2, ascii(name))));
    }

    static byte[] alpn(String... names) {
        List<byte[]> list = new ArrayList<>();
        for (String name : names) {
            list.add(sized(1, ascii(name)));
        }
        return extension(16, sized(2, list.toArray(new byte[0][])));
    }

    static byte[] versions(int... versions) {
        return extension(43, sized(1, u16(versions)));
    }

    /** A hello's body; no extensions at all if there are none. */
    public static byte[] clientBody(int version, int[] suites, byte[]... extensions) {
        return join(
                u16(version),
                new byte[32],
                sized(1, new byte[] {7, 7}),
                sized(2, u16(suites)),
                sized(1, new byte[] {0}),
                extensions.length == 0 ? new byte[0] : sized(2, extensions));
    }

    /** A server's hello's body. */
    public static byte[] serverBody(int version, int suite, byte[]... extensions) {
        return join(
                u16(version),
                new byte[32],
                sized(1, new byte[] {7, 7}),
                u16(suite),
                new byte[] {0},
                extensions.length == 0 ? new byte[0] : sized(2, extensions));
    }

    static byte[] retryBody() {
        byte[] body = serverBody(0x0303, 0x1301, extension(43, u16(0x0304)));
        byte[] random =
                HexFormat.of()
                        .parseHex(
                                "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
        System.arraycopy(random, 0, body, 2, 32);
        return body;
    }

    /** A handshake message. */
    public static byte[] handshake(int type, byte[] body) {
        return join(new byte[] {(byte) type}, sized(3, body));
    }

    /** A record. */
    public static byte[] record(int type, byte[]... parts) {
        return join(new byte[] {(byte) type, 3, 1}, sized(2, parts));
    }

    /** A message in records of so many bytes. */
    static byte[] records(int recordBytes, byte[] message) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int at = 0; at < message.length; at += recordBytes) {
            int end = Math.min(message.length, at + recordBytes);
            all.writeBytes(record(22, Arrays.copyOfRange(message, at, end)));
        }
        return all.toByteArray();
    }

    /** A hello as browsers send it, GREASE included. */
    public static byte[] modernClient(String name) {
        return clientBody(
                0x0303,
                new int[] {0x1a1a, 0x1301, 0x1302, 0xc02b},
                extension(0x2a2a),
                serverName(name),
                alpn("h2", "http/1.1"),
                extension(10, sized(2, u16(0x3a3a, 29, 23))),
                extension(11, sized(1, new byte[] {0})),
                extension(13, sized(2, u16(0x0403, 0x0804))),
                extension(35),
                versions(0x4a4a, 0x0304, 0x0303),
                extension(
                        51,
                        sized(
                                2,
                                u16(0x3a3a),
                                sized(2, new byte[1]),
                                u16(29),
                                sized(2, new byte[32]))),
                extension(0xfe0d, new byte[] {0, 1}));
    }
}
