package io.flowscope.tracker.session.quic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.session.Datagrams;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.Probe;
import io.flowscope.tracker.session.SessionMessage;
import io.flowscope.tracker.session.tls.ClientHello;
import io.flowscope.tracker.session.tls.ServerHello;
import io.flowscope.tracker.session.tls.TlsBytes;
import io.flowscope.tracker.session.tls.TlsHandshake;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

class QuicParserTest {
    private static final int V1 = 1;
    private static final int V2 = 0x6b3343cf;
    private static final byte[] ID = HexFormat.of().parseHex("8394c8f03e515708");
    private static final byte[] SERVER_ID = {9, 8, 7};
    private static final byte[] NONE = {};
    private static final byte[] CLIENT =
            TlsBytes.handshake(1, TlsBytes.modernClient("quic.example"));
    private static final byte[] SERVER = TlsBytes.handshake(2, TlsBytes.serverBody(0x0303, 0x1301));

    private final QuicFactory factory = new QuicFactory();
    private final Datagrams<SessionMessage> flow =
            new Datagrams<>(factory.newDatagramParser(new Ports(40000, 443)));

    private static <T> List<T> all(Class<T> kind, List<Object> messages) {
        return messages.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static byte[] client(int version, byte[] keyId, byte[] frames) throws Exception {
        return QuicBytes.initial(version, true, keyId, keyId, NONE, 0, QuicBytes.padded(frames));
    }

    private static byte[] server(int version, byte[] frames) throws Exception {
        return QuicBytes.initial(version, false, ID, NONE, SERVER_ID, 1, QuicBytes.padded(frames));
    }

    private static byte[] whole(byte[] hello) {
        return QuicBytes.crypto(0, hello, 0, hello.length);
    }

    /** RFC 9001, A.1, and RFC 9369, A.1. */
    @Test
    void keysAreThoseOfTheSpecifications() throws Exception {
        String[][] expected = {
            {"1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c"},
            {"cf3a5331653c364c88f0f379b6067e37", "0ac1493ca1905853b0bba03e"},
            {"8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f"},
            {"82db637861d55e1d011f19ea71d5d2a7", "dd13c276499c0249d3310652"},
        };
        for (int i = 0; i < 4; i++) {
            QuicVersion version = i < 2 ? QuicVersion.V1 : QuicVersion.V2;
            InitialKeys keys = InitialKeys.derive(version, ID, i % 2 == 0);
            assertEquals(expected[i][0], HexFormat.of().formatHex(keys.key().getEncoded()));
            assertEquals(expected[i][1], HexFormat.of().formatHex(keys.nonce(0)));
        }
        byte[] nonce = InitialKeys.derive(QuicVersion.V1, ID, true).nonce(2);
        assertEquals("fa044b2f42a3fd3b46fb255e", HexFormat.of().formatHex(nonce));
    }

    @Test
    void bothHellosAreReadInEachVersion() throws Exception {
        for (int version : new int[] {V1, V2, 0xff00001d}) {
            Datagrams<SessionMessage> each =
                    new Datagrams<>(factory.newDatagramParser(new Ports(40000, 443)));
            assertEquals(ParserStatus.CONTINUE, each.client(1, client(version, ID, whole(CLIENT))));
            assertEquals(ParserStatus.DONE, each.server(2, server(version, whole(SERVER))));
            List<Object> heard = each.take();
            ClientHello hello = all(ClientHello.class, heard).getFirst();
            assertEquals("quic.example", String.valueOf(hello.serverName()));
            assertTrue(hello.quic());
            assertEquals("q13d0309h2", hello.ja4().substring(0, 10));
            assertEquals(1, all(ServerHello.class, heard).size());
            assertNotNull(all(TlsHandshake.class, heard).getFirst().serverHello());
            assertEquals(version, all(QuicInitial.class, heard).getFirst().version());
            assertEquals(6, heard.size() + 1);
        }
    }

    @Test
    void aHelloMayComeInPiecesInAnyOrder() throws Exception {
        byte[] large = TlsBytes.handshake(1, TlsBytes.clientBody(0x0303, new int[700]));
        int half = large.length / 2;
        byte[] second = QuicBytes.crypto(half, large, half, large.length);
        byte[] first =
                QuicBytes.join(
                        QuicBytes.crypto(100, large, 100, half),
                        new byte[] {1, 0, 2, 9, 9, 1, 0, 1, 1},
                        QuicBytes.crypto(0, large, 0, 150));
        flow.client(1, QuicBytes.initial(V1, true, ID, ID, NONE, 1, QuicBytes.padded(second)));
        assertTrue(all(ClientHello.class, flow.take()).isEmpty());
        flow.client(2, QuicBytes.initial(V1, true, ID, ID, NONE, 0, QuicBytes.padded(first)));
        ClientHello hello = all(ClientHello.class, flow.take()).getFirst();
        assertEquals(700, hello.cipherSuites().size());
    }

    @Test
    void laterPacketsOfTheClientKeepTheFirstKeys() throws Exception {
        byte[] part = QuicBytes.crypto(0, CLIENT, 0, 100);
        byte[] rest = QuicBytes.crypto(100, CLIENT, 100, CLIENT.length);
        flow.client(1, client(V1, ID, part));
        byte[] toServersId =
                QuicBytes.initial(V1, true, ID, SERVER_ID, NONE, 1, QuicBytes.padded(rest));
        flow.client(2, toServersId);
        assertEquals(1, all(ClientHello.class, flow.take()).size());
    }

    @Test
    void packetsThatShareADatagramAreAllRead() throws Exception {
        byte[] part = QuicBytes.crypto(0, CLIENT, 0, 100);
        byte[] rest = QuicBytes.crypto(100, CLIENT, 100, CLIENT.length);
        byte[] one = QuicBytes.initial(V1, true, ID, ID, NONE, 0, part);
        byte[] two = QuicBytes.initial(V1, true, ID, ID, NONE, 1, rest);
        flow.client(1, QuicBytes.join(one, two, new byte[20]));
        assertEquals(1, all(ClientHello.class, flow.take()).size());
    }

    @Test
    void aRetryBringsNewKeys() throws Exception {
        flow.client(1, client(V1, ID, whole(CLIENT)));
        byte[] retry = QuicBytes.join(QuicBytes.header(0xf0, V1, NONE, SERVER_ID), new byte[40]);
        flow.server(2, retry);
        flow.client(3, client(V1, SERVER_ID, whole(CLIENT)));
        byte[] answer =
                QuicBytes.initial(
                        V1, false, SERVER_ID, NONE, SERVER_ID, 0, QuicBytes.padded(whole(SERVER)));
        assertEquals(ParserStatus.DONE, flow.server(4, answer));
        List<Object> heard = flow.take();
        assertEquals(1, all(QuicRetry.class, heard).size());
        assertEquals("090807", all(QuicRetry.class, heard).getFirst().sourceId().toHex());
        assertEquals(1, all(ServerHello.class, heard).size());
    }

    @Test
    void aVersionNegotiationIsRecognised() throws Exception {
        byte[] unknown = client(V1, ID, whole(CLIENT));
        Arrays.fill(unknown, 1, 5, (byte) 0x1a);
        flow.client(1, unknown);
        flow.server(
                2,
                QuicBytes.join(
                        QuicBytes.header(0x80, 0, NONE, ID),
                        QuicBytes.int32(V1),
                        QuicBytes.int32(V2)));
        assertEquals(
                List.of(V1, V2),
                all(QuicVersionNegotiation.class, flow.take()).getFirst().versions());
        flow.client(3, client(V1, ID, whole(CLIENT)));
        assertEquals(1, all(ClientHello.class, flow.take()).size());
    }

    @Test
    void aShortHeaderAfterTheHelloEndsTheReading() throws Exception {
        flow.client(1, client(V1, ID, whole(CLIENT)));
        assertEquals(ParserStatus.DONE, flow.server(2, new byte[] {0x40, 1, 2, 3}));
        assertEquals(1, all(TlsHandshake.class, flow.take()).size());
    }

    @Test
    void otherProtocolsFail() {
        assertEquals(ParserStatus.FAILED, flow.client(1, new byte[] {0x40, 1, 2, 3}));
        Datagrams<SessionMessage> other =
                new Datagrams<>(factory.newDatagramParser(new Ports(40000, 443)));
        byte[] strange = new byte[1200];
        Arrays.fill(strange, (byte) 0xc1);
        ParserStatus status = ParserStatus.CONTINUE;
        for (int i = 0; i < 4; i++) {
            assertEquals(ParserStatus.CONTINUE, status);
            status = other.client(i, strange);
        }
        assertEquals(ParserStatus.FAILED, status);
    }

    @Test
    void aDamagedPacketIsPassedOver() throws Exception {
        byte[] damaged = client(V1, ID, whole(CLIENT));
        damaged[damaged.length - 1] ^= 1;
        assertEquals(ParserStatus.CONTINUE, flow.client(1, damaged));
        assertTrue(flow.take().isEmpty());
        flow.client(2, client(V1, ID, whole(CLIENT)));
        assertEquals(1, all(ClientHello.class, flow.take()).size());
    }

    @Test
    void theFirstCopyOfAHandshakeByteCounts() {
        CryptoStream stream = new CryptoStream();
        byte[] first = {1, 2, 3, 4};
        byte[] second = {9, 9, 9, 9};
        assertTrue(stream.add(2, first, 0, 4));
        assertTrue(stream.add(0, second, 0, 4));
        assertEquals(6, stream.contiguous());
        assertArrayEquals(new byte[] {9, 9, 1, 2, 3, 4}, Arrays.copyOf(stream.bytes(), 6));
        assertEquals(false, stream.add(CryptoStream.MAX_BYTES - 3, first, 0, 4));
        assertEquals(false, stream.add(1L << 61, first, 0, 4));
        assertTrue(stream.add(CryptoStream.MAX_BYTES - 4, first, 0, 4));
        assertEquals(CryptoStream.MAX_BYTES, stream.heldBytes());
    }

    @Test
    void theProbeKnowsAFirstPacket() throws Exception {
        byte[] first = client(V1, ID, whole(CLIENT));
        assertEquals(
                Probe.YES, factory.probeDatagram(MemorySegment.ofArray(first), 0, first.length));
        assertEquals(Probe.NO, factory.probeDatagram(MemorySegment.ofArray(first), 0, 1190));
        assertEquals(
                Probe.NO, factory.probeDatagram(MemorySegment.ofArray(new byte[1200]), 0, 1200));
    }
}
