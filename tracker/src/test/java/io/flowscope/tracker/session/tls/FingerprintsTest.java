package io.flowscope.tracker.session.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flowscope.tracker.session.ByteText;

import org.junit.jupiter.api.Test;

import java.util.Objects;

/** The values are those that the authors of the fingerprints publish as examples. */
class FingerprintsTest {
    private static final int[] SUITES = {
        0x0a0a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
        0xc014, 0x009c, 0x009d, 0x002f, 0x0035
    };
    private static final byte[] ALGORITHMS =
            TlsBytes.extension(
                    13,
                    TlsBytes.sized(
                            2,
                            TlsBytes.u16(
                                    0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806,
                                    0x0601)));

    private static ClientHello hello(int version, int[] suites, byte[]... extensions) {
        byte[] body = TlsBytes.clientBody(version, suites, extensions);
        return Objects.requireNonNull(
                ClientHello.read(ByteText.copyOf(body, 0, body.length), false));
    }

    private static ClientHello published(byte[] algorithms) {
        return hello(
                0x0303,
                SUITES,
                TlsBytes.extension(0x6a6a),
                TlsBytes.extension(0x001b),
                TlsBytes.serverName("example.org"),
                TlsBytes.extension(0x0033, TlsBytes.sized(2)),
                TlsBytes.alpn("h2"),
                TlsBytes.extension(0x4469),
                TlsBytes.extension(0x0017),
                TlsBytes.extension(0x002d),
                algorithms,
                TlsBytes.extension(0x0005),
                TlsBytes.extension(0x0023),
                TlsBytes.extension(0x0012),
                TlsBytes.versions(0x7a7a, 0x0304, 0x0303),
                TlsBytes.extension(0xff01),
                TlsBytes.extension(0x000b, TlsBytes.sized(1)),
                TlsBytes.extension(0x000a, TlsBytes.sized(2)),
                TlsBytes.extension(0x0015));
    }

    @Test
    void ja4IsAsPublished() {
        ClientHello hello = published(ALGORITHMS);
        assertEquals("t13d1516h2_8daaf6152771_e5627efa2ab1", hello.ja4());
        assertEquals(
                "t13d1516h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,"
                        + "cca9_0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,"
                        + "ff01_0403,0804,0401,0503,0805,0501,0806,0601",
                hello.ja4Raw());
    }

    @Test
    void ja4WithoutSignatureAlgorithmsIsAsPublished() {
        ClientHello hello = published(TlsBytes.extension(13, TlsBytes.sized(2)));
        assertEquals("t13d1516h2_8daaf6152771_6d807ffa2a79", hello.ja4());
    }

    @Test
    void ja4OfAnEmptyHelloHasZeros() {
        assertEquals("t12i000000_000000000000_000000000000", hello(0x0303, new int[0]).ja4());
        assertEquals(
                "ts3i0002h2",
                hello(0x0300, new int[0], TlsBytes.alpn("h2"), TlsBytes.extension(0x0a))
                        .ja4()
                        .substring(0, 10));
        assertEquals(
                "t12d0001",
                hello(0x0303, new int[0], TlsBytes.serverName("x")).ja4().substring(0, 8));
    }

    @Test
    void ja4TakesTheEndsOfTheFirstProtocol() {
        String[][] expected = {
            {"h2", "h2"},
            {"http/1.1", "h1"},
            {"x", "xx"},
            {"\u00ab", "ab"},
            {" ", "20"},
            {"\u00ab\u00cd", "ad"},
            {" a", "21"},
            {"0\u00ab", "3b"},
            {"a ", "60"},
            {"01\u00ab\u00cd", "3d"},
            {"0\u00ab\u00cd1", "01"},
            {"", "00"}
        };
        for (String[] pair : expected) {
            String ja4 = hello(0x0303, SUITES, TlsBytes.alpn(pair[0], "h3")).ja4();
            assertEquals(pair[1], ja4.substring(8, 10), pair[0]);
        }
    }

    @Test
    void ja4CountsToNinetyNine() {
        int[] many = new int[120];
        for (int i = 0; i < many.length; i++) {
            many[i] = i;
        }
        assertEquals("t12i9900", hello(0x0303, many).ja4().substring(0, 8));
    }

    @Test
    void ja3IsAsPublished() {
        int[] suites = {47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4};
        ClientHello hello =
                hello(
                        769,
                        suites,
                        TlsBytes.serverName("x"),
                        TlsBytes.extension(10, TlsBytes.sized(2, TlsBytes.u16(23, 24, 25))),
                        TlsBytes.extension(11, TlsBytes.sized(1, new byte[] {0})));
        assertEquals(
                "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0",
                hello.ja3Text());
        assertEquals("ada70206e40642a3e4461f35503241d5", hello.ja3());
        ClientHello bare = hello(769, new int[] {4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99});
        assertEquals("769,4-5-10-9-100-98-3-6-19-18-99,,,", bare.ja3Text());
        assertEquals("de350869b8c85de67a350c8d186f11e6", bare.ja3());
    }

    @Test
    void ja3LeavesGreaseOut() {
        ClientHello hello =
                hello(
                        771,
                        new int[] {0x0a0a, 47, 0xfafa},
                        TlsBytes.extension(0x1a1a),
                        TlsBytes.extension(10, TlsBytes.sized(2, TlsBytes.u16(0x2a2a, 29))));
        assertEquals("771,47,10,29,", hello.ja3Text());
    }
}
