package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ByteText;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** JA3, JA3S and JA4 (the client's only), computed when asked for. */
final class Fingerprints {
    private static final String NOTHING = "000000000000";
    private static final int SERVER_NAME = 0x0000;
    private static final int ALPN = 0x0010;

    private Fingerprints() {}

    static String md5(String text) {
        return HexFormat.of().formatHex(digest("MD5", text));
    }

    private static byte[] digest(String algorithm, String text) {
        try {
            return MessageDigest.getInstance(algorithm)
                    .digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    static String ja3(ClientHello hello) {
        return hello.legacyVersion()
                + ","
                + hello.cipherSuites().withoutGrease().decimal("-")
                + ","
                + hello.extensions().withoutGrease().decimal("-")
                + ","
                + hello.groups().withoutGrease().decimal("-")
                + ","
                + hello.pointFormats().decimal("-");
    }

    static String ja4(ClientHello hello) {
        CodeList suites = hello.cipherSuites().withoutGrease();
        CodeList extensions = hashedExtensions(hello);
        return ja4Shape(hello)
                + "_"
                + (suites.isEmpty() ? NOTHING : shortHash(suites.sorted().hex(",")))
                + "_"
                + (extensions.isEmpty() ? NOTHING : shortHash(extensionText(hello, extensions)));
    }

    static String ja4Raw(ClientHello hello) {
        return ja4Shape(hello)
                + "_"
                + hello.cipherSuites().withoutGrease().sorted().hex(",")
                + "_"
                + extensionText(hello, hashedExtensions(hello));
    }

    /** Transport, version, server name, counts and application protocol, in ten characters. */
    private static String ja4Shape(ClientHello hello) {
        return (hello.quic() ? "q" : "t")
                + ja4Version(hello)
                + (hello.extensions().contains(SERVER_NAME) ? "d" : "i")
                + twoDigits(hello.cipherSuites().withoutGrease().size())
                + twoDigits(hello.extensions().withoutGrease().size())
                + ja4Protocol(hello);
    }

    private static String ja4Version(ClientHello hello) {
        int version =
                hello.supportedVersions().withoutGrease().stream()
                        .max()
                        .orElse(hello.legacyVersion());
        return switch (version) {
            case 0x0304 -> "13";
            case 0x0303 -> "12";
            case 0x0302 -> "11";
            case 0x0301 -> "10";
            case 0x0300 -> "s3";
            case 0x0002 -> "s2";
            default -> "00";
        };
    }

    private static String twoDigits(int count) {
        int capped = Math.min(99, count);
        return "" + (char) ('0' + capped / 10) + (char) ('0' + capped % 10);
    }

    /** First and last character of the first protocol, of its hexadecimal form if need be. */
    private static String ja4Protocol(ClientHello hello) {
        if (hello.alpn().isEmpty() || hello.alpn().getFirst().isEmpty()) {
            return "00";
        }
        ByteText protocol = hello.alpn().getFirst();
        int first = protocol.at(0);
        int last = protocol.at(protocol.length() - 1);
        return isAlphanumeric(first) && isAlphanumeric(last)
                ? "" + (char) first + (char) last
                : "" + Character.forDigit(first >> 4, 16) + Character.forDigit(last & 15, 16);
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    /** Sorted, without the two that the first part tells already. */
    private static CodeList hashedExtensions(ClientHello hello) {
        CodeList all = hello.extensions().withoutGrease().sorted();
        char[] kept = new char[all.size()];
        int count = 0;
        for (int i = 0; i < all.size(); i++) {
            if (all.at(i) != SERVER_NAME && all.at(i) != ALPN) {
                kept[count++] = (char) all.at(i);
            }
        }
        return CodeList.of(kept, count);
    }

    private static String extensionText(ClientHello hello, CodeList extensions) {
        CodeList algorithms = hello.signatureAlgorithms().withoutGrease();
        return algorithms.isEmpty()
                ? extensions.hex(",")
                : extensions.hex(",") + "_" + algorithms.hex(",");
    }

    private static String shortHash(String text) {
        return HexFormat.of().formatHex(digest("SHA-256", text), 0, 6);
    }
}
