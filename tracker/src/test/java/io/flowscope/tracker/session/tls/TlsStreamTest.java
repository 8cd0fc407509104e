package io.flowscope.tracker.session.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.Probe;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.Splits;
import io.flowscope.tracker.session.Talk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.MemorySegment;
import java.util.List;

@Execution(ExecutionMode.CONCURRENT)
class TlsStreamTest {
    private static final byte[] CLIENT = TlsBytes.handshake(1, TlsBytes.modernClient("a.example"));
    private static final byte[] SERVER_12 =
            TlsBytes.handshake(2, TlsBytes.serverBody(0x0303, 0xc02f, TlsBytes.alpn("h2")));
    private static final byte[] SERVER_13 =
            TlsBytes.handshake(
                    2,
                    TlsBytes.serverBody(
                            0x0303,
                            0x1301,
                            TlsBytes.extension(43, TlsBytes.u16(0x0304)),
                            TlsBytes.extension(
                                    51, TlsBytes.u16(29), TlsBytes.sized(2, new byte[32]))));
    private static final byte[] CHANGE = TlsBytes.record(20, new byte[] {1});
    private static final byte[] DATA = TlsBytes.record(23, new byte[40]);

    private static SessionParser<TlsMessage> parser() {
        return new TlsFactory(TlsOptions.DEFAULT).newStreamParser(new Ports(40000, 443));
    }

    private static Talk.Run run(Talk talk) {
        return Splits.same(talk, TlsStreamTest::parser);
    }

    private static void fails(String reason, Talk talk) {
        Talk.Run run = run(talk);
        assertEquals(ParserStatus.FAILED, run.status());
        assertEquals(reason, run.failure());
    }

    @Test
    void afterCipherChangeASecondMessageInARecordIsAsUnreadableAsOneOfItsOwn() {
        byte[] other = TlsBytes.handshake(8, new byte[20]);
        Talk talk =
                new Talk()
                        .client(CHANGE)
                        .client(TlsBytes.record(22, TlsBytes.join(CLIENT, other)))
                        .client("no record")
                        .server("nor this");
        Talk.Run run = run(talk);
        assertEquals("a.example", String.valueOf(run.only(ClientHello.class).serverName()));
        assertEquals("a record of no known type", run.failure());
    }

    @Test
    void aHandshakeOfTls13EndsWhenBothSidesAreEncrypted() {
        Talk talk =
                new Talk()
                        .client(TlsBytes.records(50, CLIENT))
                        .server(TlsBytes.record(22, SERVER_13))
                        .server(CHANGE)
                        .server(DATA)
                        .client(CHANGE)
                        .client(DATA)
                        .client("never looked at");
        Talk.Run run = run(talk);
        assertEquals(ParserStatus.DONE, run.status());
        ClientHello client = run.only(ClientHello.class);
        assertEquals("a.example", String.valueOf(client.serverName()));
        assertEquals("[h2, http/1.1]", client.alpn().toString());
        assertEquals(List.of("TLS 1.3", "TLS 1.2"), client.versionNames());
        assertEquals("1a1a,1301,1302,c02b", client.cipherSuites().toString());
        assertEquals("3a3a,001d,0017", client.groups().toString());
        assertEquals("3a3a,001d", client.keyShareGroups().toString());
        assertEquals("0403,0804", client.signatureAlgorithms().toString());
        assertTrue(client.encryptedClientHello());
        assertFalse(client.preSharedKey() || client.earlyData() || client.sessionTicket());
        assertFalse(client.malformed() || client.quic() || client.sslV2());
        ServerHello server = run.only(ServerHello.class);
        assertEquals("TLS 1.3", server.versionName());
        assertEquals("TLS_AES_128_GCM_SHA256", server.cipherSuiteName());
        assertEquals(29, server.keyShareGroup());
        assertNull(server.alpn());
        TlsHandshake sum = run.only(TlsHandshake.class);
        assertEquals(client, sum.clientHello());
        assertEquals(server, sum.serverHello());
        assertNull(sum.certificates());
        assertFalse(sum.resumed());
    }

    @Test
    void aHandshakeOfTls12ShowsItsCertificates() {
        byte[] one = {0x30, 0};
        byte[] certificates =
                TlsBytes.handshake(
                        11,
                        TlsBytes.sized(
                                3, TlsBytes.sized(3, one), TlsBytes.sized(3, new byte[300])));
        byte[] flight =
                TlsBytes.join(
                        SERVER_12,
                        certificates,
                        TlsBytes.handshake(12, new byte[70]),
                        TlsBytes.handshake(14, new byte[0]));
        Talk talk =
                new Talk()
                        .client(TlsBytes.record(22, CLIENT))
                        .server(TlsBytes.records(100, flight))
                        .client(TlsBytes.record(22, TlsBytes.handshake(16, new byte[66])))
                        .client(CHANGE)
                        .client(TlsBytes.record(22, new byte[] {9, 9, 9, 9, 9}))
                        .server(CHANGE)
                        .server("anything");
        Talk.Run run = run(talk);
        assertEquals(ParserStatus.DONE, run.status());
        assertEquals("", run.failure());
        TlsCertificates chain = run.only(TlsCertificates.class);
        assertEquals(2, chain.chain().size());
        assertEquals("3000", chain.chain().getFirst().der().toHex());
        TlsHandshake sum = run.only(TlsHandshake.class);
        assertEquals(chain, sum.certificates());
        assertNotNull(sum.serverHello());
        assertEquals("h2", String.valueOf(sum.serverHello().alpn()));
        assertTrue(sum.resumed(), "the session ids are equal");
    }

    @Test
    void aRetryAsksForAnotherHello() {
        Talk talk =
                new Talk()
                        .client(TlsBytes.record(22, CLIENT))
                        .server(TlsBytes.record(22, TlsBytes.handshake(2, TlsBytes.retryBody())))
                        .server(CHANGE)
                        .client(CHANGE)
                        .client(TlsBytes.record(22, CLIENT))
                        .server(TlsBytes.record(22, SERVER_13))
                        .server(DATA)
                        .client(DATA);
        Talk.Run run = run(talk);
        assertEquals(ParserStatus.DONE, run.status());
        assertEquals(2, run.all(ClientHello.class).size());
        assertEquals(2, run.all(ServerHello.class).size());
        assertTrue(run.all(ServerHello.class).getFirst().helloRetryRequest());
        TlsHandshake sum = run.only(TlsHandshake.class);
        assertNotNull(sum.serverHello());
        assertFalse(sum.serverHello().helloRetryRequest());
    }

    @Test
    void earlyDataDoesNotHideASecondHello() {
        byte[] early =
                TlsBytes.handshake(
                        1,
                        TlsBytes.clientBody(
                                0x0303,
                                new int[] {0x1301},
                                TlsBytes.extension(42),
                                TlsBytes.extension(41, new byte[3]),
                                TlsBytes.versions(0x0304)));
        Talk talk =
                new Talk()
                        .client(TlsBytes.record(22, early))
                        .client(DATA)
                        .server(TlsBytes.record(22, TlsBytes.handshake(2, TlsBytes.retryBody())))
                        .client(TlsBytes.record(22, CLIENT));
        Talk.Run run = run(talk);
        assertEquals(2, run.all(ClientHello.class).size());
        assertTrue(run.all(ClientHello.class).getFirst().earlyData());
        assertTrue(run.all(ClientHello.class).getFirst().preSharedKey());
    }

    @Test
    void alertsInTheClearAreGivenAndOthersAreNot() {
        Talk talk =
                new Talk()
                        .client(TlsBytes.record(22, CLIENT))
                        .server(TlsBytes.record(21, new byte[] {2, 40}))
                        .client(TlsBytes.record(21, new byte[] {1, 0}))
                        .client(TlsBytes.record(21, new byte[26]));
        List<TlsAlert> alerts = run(talk).all(TlsAlert.class);
        assertEquals(List.of(new TlsAlert(2, 40), new TlsAlert(1, 0)), alerts);
        assertEquals("handshake_failure", alerts.getFirst().descriptionName());
    }

    @Test
    void oneSidedFlowsAreSummedUpAtTheirEnd() {
        Talk.Run client =
                run(
                        new Talk()
                                .client(TlsBytes.record(22, CLIENT))
                                .client(CHANGE)
                                .client(TlsBytes.record(22, new byte[] {2, 0, 0, 99, 1, 2, 3}))
                                .client(DATA));
        assertNull(client.only(TlsHandshake.class).serverHello());
        assertEquals("", client.failure());
        Talk.Run server =
                run(new Talk().say(Side.RESPONDER, TlsBytes.record(22, SERVER_13)).server(DATA));
        assertNull(server.only(TlsHandshake.class).clientHello());
    }

    @Test
    void aHelloOfSsl2IsRead() {
        byte[] body =
                TlsBytes.join(
                        new byte[] {1, 3, 1, 0, 9, 0, 0, 0, 16},
                        new byte[] {0, 0, 4, 1, 0, (byte) 0x80, 0, 0, 5},
                        new byte[16]);
        byte[] hello = TlsBytes.join(new byte[] {(byte) 0x80, (byte) body.length}, body);
        Talk talk = new Talk().client(hello).server(TlsBytes.record(22, SERVER_12));
        ClientHello client = run(talk).only(ClientHello.class);
        assertTrue(client.sslV2());
        assertEquals(0x0301, client.legacyVersion());
        assertEquals("0004,0005", client.cipherSuites().toString());
    }

    @Test
    void aGapSumsUpAndStopsUnlessTheSideIsEncrypted() {
        Talk.Run run = run(new Talk().client(TlsBytes.record(22, CLIENT)).gap(Side.RESPONDER, 5));
        assertEquals(ParserStatus.DONE, run.status());
        assertNotNull(run.only(TlsHandshake.class).clientHello());
        Talk.Run later =
                run(
                        new Talk()
                                .client(TlsBytes.record(22, CLIENT))
                                .client(DATA)
                                .gap(Side.INITIATOR, 5)
                                .server(TlsBytes.record(22, SERVER_13)));
        assertEquals(1, later.all(ServerHello.class).size());
    }

    @Test
    void otherProtocolsFailAtOnce() {
        fails("a record of no known type", new Talk().client("GET / HTTP/1.1\r\n"));
        fails("a record of no known version", new Talk().client("\u0016\u0002"));
        fails("a record longer than 18432 bytes", new Talk().client("\u0016\u0003\u0001H\u0001"));
        fails(
                "a handshake message of no known type",
                new Talk().client(TlsBytes.record(22, new byte[] {99})));
        fails(
                "a ClientHello without its form",
                new Talk().client(TlsBytes.record(22, TlsBytes.handshake(1, new byte[20]))));
        fails(
                "a ServerHello without its form",
                new Talk().server(TlsBytes.record(22, TlsBytes.handshake(2, new byte[20]))));
        fails(
                "a hello of SSL 2 without its form",
                new Talk().client(new byte[] {(byte) 0x80, 9, 1, 3, 1, 0, 1, 0, 0, 0, 0, 0}));
    }

    @Test
    void aHelloBeyondTheLimitFailsAndHoldsNoMore() {
        byte[] large = TlsBytes.handshake(1, new byte[200_000]);
        Talk.Run run =
                new Talk()
                        .client(TlsBytes.records(16_000, large))
                        .run(TlsStreamTest::parser, left -> 5000);
        assertEquals("a hello longer than the limit", run.failure());
        assertTrue(run.maxHeldBytes() <= 140_000, "held " + run.maxHeldBytes());
    }

    @Test
    void anOverlongCertificateMessageIsPassedOver() {
        byte[] large = TlsBytes.handshake(11, new byte[200_000]);
        Talk talk =
                new Talk()
                        .client(TlsBytes.record(22, CLIENT))
                        .server(TlsBytes.record(22, SERVER_12))
                        .server(TlsBytes.records(16_000, large))
                        .server(TlsBytes.record(21, new byte[] {2, 40}));
        Talk.Run run = talk.run(TlsStreamTest::parser, left -> 5000);
        assertEquals(1, run.all(TlsAlert.class).size());
        assertTrue(run.all(TlsCertificates.class).isEmpty());
    }

    @Test
    void anExtensionWithoutItsFormMakesTheHelloMalformed() {
        byte[] body =
                TlsBytes.clientBody(
                        0x0303,
                        new int[] {1},
                        TlsBytes.extension(10, TlsBytes.u16(99, 29)),
                        TlsBytes.alpn("h2"));
        ClientHello hello =
                run(new Talk().client(TlsBytes.record(22, TlsBytes.handshake(1, body))))
                        .only(ClientHello.class);
        assertTrue(hello.malformed());
        assertTrue(hello.groups().isEmpty());
        assertEquals("[h2]", hello.alpn().toString());
    }

    @Test
    void aNameThatLiesAboutItsLengthIsNoName() {
        byte[] name = TlsBytes.extension(0, TlsBytes.sized(2, new byte[] {0, 0, 99, 'a', 'b'}));
        byte[] body = TlsBytes.clientBody(0x0303, new int[] {1}, name);
        Talk talk = new Talk().client(TlsBytes.record(22, TlsBytes.handshake(1, body)));
        ClientHello hello = run(talk).only(ClientHello.class);
        assertTrue(hello.malformed());
        assertNull(hello.serverName());
    }

    @Test
    void theProbeKnowsTlsFromOtherBytes() {
        assertEquals(Probe.YES, probe(TlsBytes.record(22, CLIENT)));
        assertEquals(Probe.YES, probe(TlsBytes.record(22, SERVER_12)));
        assertEquals(Probe.MORE, probe(new byte[] {22, 3, 1}));
        assertEquals(Probe.NO, probe(new byte[] {22, 2, 1}));
        assertEquals(Probe.NO, probe(new byte[] {'G', 'E', 'T', ' '}));
        assertEquals(Probe.NO, probe(new byte[] {(byte) 0x80, 9, 2, 3}));
        assertEquals(Probe.MORE, probe(new byte[] {(byte) 0x80, 9, 1, 3}));
    }

    private static Probe probe(byte[] bytes) {
        return new TlsFactory(TlsOptions.DEFAULT)
                .probeStream(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    @Test
    void hellosMayComeInRecordsOfOneByte() {
        Talk talk =
                new Talk()
                        .client(TlsBytes.records(1, CLIENT))
                        .server(TlsBytes.records(1, SERVER_13))
                        .server(DATA)
                        .client(DATA);
        Talk.Run run = run(talk);
        assertEquals(ParserStatus.DONE, run.status());
        ClientHello client = run.only(ClientHello.class);
        assertEquals(ClientHello.read(body(CLIENT), false), client);
        assertNotNull(run.only(TlsHandshake.class).serverHello());
    }

    private static ByteText body(byte[] message) {
        return ByteText.copyOf(message, 4, message.length - 4);
    }
}
