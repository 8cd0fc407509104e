package io.flowscope.capture.generate;

import java.nio.charset.StandardCharsets;

/** Records of TLS 1.2 and 1.3: the hellos in the clear, and random bytes where others encrypt. */
final class TlsMessages {
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION = 23;
    private static final int TLS_1_0 = 0x0301;
    private static final int TLS_1_2 = 0x0303;
    private static final int TLS_1_3 = 0x0304;
    private static final int X25519 = 29;
    private static final int P_256 = 23;
    private static final int[] CIPHERS = {
        0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014
    };
    private static final int[] SIGNATURES = {
        0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601
    };

    private TlsMessages() {}

    /** What a browser offers, with values that mean nothing (GREASE) among the real ones. */
    static byte[] clientHello(SplitMix random, byte[] session, String host, String... protocols) {
        int grease = 0x0A0A + 0x1010 * (1 + random.below(14));
        var ciphers = new Bytes().u16(grease);
        for (int cipher : CIPHERS) {
            ciphers.u16(cipher);
        }
        var extensions = new Bytes();
        extension(extensions, grease, new byte[0]);
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        byte[] entry = new Bytes().u8(0).vector16(name).done();
        extension(extensions, 0, new Bytes().vector16(entry).done());
        extension(extensions, 23, new byte[0]);
        extension(extensions, 0xFF01, new byte[] {0});
        byte[] groups = new Bytes().u16(grease).u16(X25519).u16(P_256).u16(24).done();
        extension(extensions, 10, new Bytes().vector16(groups).done());
        extension(extensions, 11, new byte[] {1, 0});
        if (protocols.length > 0) {
            extension(extensions, 16, protocolNames(protocols));
        }
        var signatures = new Bytes();
        for (int signature : SIGNATURES) {
            signatures.u16(signature);
        }
        extension(extensions, 13, new Bytes().vector16(signatures.done()).done());
        byte[] share = new Bytes().random(random, 32).done();
        byte[] shares = new Bytes().u16(X25519).vector16(share).done();
        extension(extensions, 51, new Bytes().vector16(shares).done());
        extension(extensions, 45, new byte[] {1, 1});
        byte[] versions = new Bytes().u16(grease).u16(TLS_1_3).u16(TLS_1_2).done();
        extension(extensions, 43, new Bytes().vector8(versions).done());

        var hello = new Bytes().u16(TLS_1_2).random(random, 32).vector8(session);
        hello.vector16(ciphers.done()).vector8(new byte[] {0}).vector16(extensions.done());
        return record(HANDSHAKE, TLS_1_0, handshake(1, hello.done()));
    }

    static byte[] serverHello13(SplitMix random, byte[] session) {
        var extensions = new Bytes();
        byte[] share = new Bytes().random(random, 32).done();
        extension(extensions, 51, new Bytes().u16(X25519).vector16(share).done());
        extension(extensions, 43, new Bytes().u16(TLS_1_3).done());
        return serverHello(random, session, 0x1301, extensions.done());
    }

    /** TLS 1.2 taking up an earlier session; the application protocol is readable. */
    static byte[] serverHello12(SplitMix random, byte[] session, String protocol) {
        var extensions = new Bytes();
        extension(extensions, 0xFF01, new byte[] {0});
        extension(extensions, 23, new byte[0]);
        extension(extensions, 16, protocolNames(protocol));
        return serverHello(random, session, 0xC02F, extensions.done());
    }

    static byte[] changeCipherSpec() {
        return record(20, TLS_1_2, new byte[] {1});
    }

    static byte[] encryptedFinished(SplitMix random) {
        // A first byte that is no handshake type keeps readers from taking it for a message.
        return record(HANDSHAKE, TLS_1_2, new Bytes().u8(0xEE).random(random, 39).done());
    }

    static byte[] application(SplitMix random, int length) {
        return record(APPLICATION, TLS_1_2, new Bytes().random(random, length).done());
    }

    private static byte[] serverHello(
            SplitMix random, byte[] session, int cipher, byte[] extensions) {
        var hello = new Bytes().u16(TLS_1_2).random(random, 32).vector8(session).u16(cipher).u8(0);
        return record(HANDSHAKE, TLS_1_2, handshake(2, hello.vector16(extensions).done()));
    }

    private static byte[] protocolNames(String... protocols) {
        var names = new Bytes();
        for (String protocol : protocols) {
            names.vector8(protocol.getBytes(StandardCharsets.US_ASCII));
        }
        return new Bytes().vector16(names.done()).done();
    }

    private static void extension(Bytes to, int type, byte[] content) {
        to.u16(type).vector16(content);
    }

    private static byte[] handshake(int type, byte[] body) {
        return new Bytes().u8(type).u8(0).vector16(body).done();
    }

    private static byte[] record(int type, int version, byte[] content) {
        return new Bytes().u8(type).u16(version).vector16(content).done();
    }
}
