package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.buffer.WireCursor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads hellos. The frame around the extensions must be right; an extension whose inside is not
 * makes the hello malformed and gives what could be read.
 */
final class HelloReader {
    private static final int SERVER_NAME = 0;
    private static final int GROUPS = 10;
    private static final int POINT_FORMATS = 11;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int ALPN = 16;
    private static final int SESSION_TICKET = 35;
    private static final int PRE_SHARED_KEY = 41;
    private static final int EARLY_DATA = 42;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;
    private static final int ENCRYPTED_CLIENT_HELLO = 0xfe0d;
    private static final int ENCRYPTED_SERVER_NAME = 0xffce;

    /** The SHA-256 of "HelloRetryRequest" stands in such a message's random (RFC 8446, 4.1.3). */
    private static final byte[] RETRY =
            HexFormat.of()
                    .parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    private static final ByteText RETRY_RANDOM = ByteText.copyOf(RETRY, 0, RETRY.length);

    private boolean malformed;
    private @Nullable ByteText serverName;
    private List<ByteText> alpn = List.of();
    private CodeList groups = CodeList.EMPTY;
    private CodeList pointFormats = CodeList.EMPTY;
    private CodeList signatureAlgorithms = CodeList.EMPTY;
    private CodeList supportedVersions = CodeList.EMPTY;
    private CodeList keyShareGroups = CodeList.EMPTY;
    private boolean sessionTicket;
    private boolean preSharedKey;
    private boolean earlyData;
    private boolean encryptedClientHello;
    private int selectedVersion;
    private int keyShareGroup = -1;

    private HelloReader() {}

    static @Nullable ClientHello client(ByteText body, boolean quic) {
        WireCursor in = new WireCursor(body);
        int version = in.u16();
        ByteText random = in.take(32);
        ByteText sessionId = in.take(in.u8());
        ByteText suites = in.take(in.u16());
        ByteText compression = in.take(in.u8());
        if (in.broken() || sessionId.length() > 32 || suites.length() % 2 != 0) {
            return null;
        }
        HelloReader reader = new HelloReader();
        CodeList extensions = reader.extensions(in, true);
        return new ClientHello(
                quic,
                false,
                version,
                random,
                sessionId,
                codes(suites, 2),
                codes(compression, 1),
                extensions,
                reader.serverName,
                reader.alpn,
                reader.groups,
                reader.pointFormats,
                reader.signatureAlgorithms,
                reader.supportedVersions,
                reader.keyShareGroups,
                reader.sessionTicket,
                reader.preSharedKey,
                reader.earlyData,
                reader.encryptedClientHello,
                reader.malformed);
    }

    static @Nullable ServerHello server(ByteText body, boolean quic) {
        WireCursor in = new WireCursor(body);
        int version = in.u16();
        ByteText random = in.take(32);
        ByteText sessionId = in.take(in.u8());
        int suite = in.u16();
        int compression = in.u8();
        if (in.broken() || sessionId.length() > 32) {
            return null;
        }
        HelloReader reader = new HelloReader();
        CodeList extensions = reader.extensions(in, false);
        return new ServerHello(
                quic,
                version,
                random,
                sessionId,
                suite,
                compression,
                extensions,
                reader.selectedVersion,
                reader.keyShareGroup,
                reader.alpn.isEmpty() ? null : reader.alpn.getFirst(),
                reader.preSharedKey,
                random.equals(RETRY_RANDOM),
                reader.malformed);
    }

    static CodeList codes(ByteText bytes, int width) {
        char[] codes = new char[bytes.length() / width];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (char) (width == 1 ? bytes.at(i) : bytes.u16(2 * i));
        }
        return CodeList.of(codes, codes.length);
    }

    private CodeList extensions(WireCursor in, boolean client) {
        if (in.remaining() == 0) {
            return CodeList.EMPTY;
        }
        WireCursor list = new WireCursor(in.take(Math.min(in.u16(), in.remaining())));
        char[] types = new char[list.remaining() / 4];
        int count = 0;
        while (list.remaining() >= 4) {
            int type = list.u16();
            ByteText body = list.take(list.u16());
            types[count++] = (char) type;
            if (list.broken()) {
                break;
            }
            WireCursor extension = new WireCursor(body);
            if (client) {
                clientExtension(type, extension);
            } else {
                serverExtension(type, extension);
            }
            malformed |= extension.broken();
        }
        malformed |= in.broken() || list.broken() || list.remaining() != 0;
        return CodeList.of(types, count);
    }

    private void clientExtension(int type, WireCursor in) {
        switch (type) {
            case SERVER_NAME -> serverName(in);
            case GROUPS -> groups = codes(in.take(in.u16()), 2);
            case POINT_FORMATS -> pointFormats = codes(in.take(in.u8()), 1);
            case SIGNATURE_ALGORITHMS -> signatureAlgorithms = codes(in.take(in.u16()), 2);
            case ALPN -> protocols(in);
            case SESSION_TICKET -> sessionTicket = in.remaining() > 0;
            case PRE_SHARED_KEY -> preSharedKey = true;
            case EARLY_DATA -> earlyData = true;
            case SUPPORTED_VERSIONS -> supportedVersions = codes(in.take(in.u8()), 2);
            case KEY_SHARE -> keyShares(in);
            case ENCRYPTED_CLIENT_HELLO, ENCRYPTED_SERVER_NAME -> encryptedClientHello = true;
            default -> {}
        }
    }

    private void serverExtension(int type, WireCursor in) {
        switch (type) {
            case ALPN -> protocols(in);
            case PRE_SHARED_KEY -> preSharedKey = true;
            case SUPPORTED_VERSIONS -> selectedVersion = in.u16();
            case KEY_SHARE -> keyShareGroup = in.u16();
            default -> {}
        }
    }

    /** A list of names, each after its type; type 0 is a host. */
    private void serverName(WireCursor in) {
        WireCursor names = new WireCursor(in.take(in.u16()));
        while (names.remaining() >= 3 && serverName == null) {
            int type = names.u8();
            ByteText name = names.take(names.u16());
            if (type == 0 && !names.broken()) {
                serverName = name;
            }
        }
        malformed |= names.broken();
    }

    private void protocols(WireCursor in) {
        WireCursor names = new WireCursor(in.take(in.u16()));
        List<ByteText> list = new ArrayList<>(2);
        while (names.remaining() > 0) {
            ByteText name = names.take(names.u8());
            if (names.broken()) {
                break;
            }
            list.add(name);
        }
        malformed |= names.broken();
        alpn = List.copyOf(list);
    }

    private void keyShares(WireCursor in) {
        WireCursor shares = new WireCursor(in.take(in.u16()));
        char[] found = new char[shares.remaining() / 4];
        int count = 0;
        while (shares.remaining() >= 4) {
            int group = shares.u16();
            shares.skip(shares.u16());
            if (shares.broken()) {
                break;
            }
            found[count++] = (char) group;
        }
        malformed |= shares.broken();
        keyShareGroups = CodeList.of(found, count);
    }
}
