package io.flowscope.tracker.session.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.Splits;
import io.flowscope.tracker.session.Talk;

import org.junit.jupiter.api.Test;

import java.util.Random;

class LateTlsTest {
    private static final byte[] CLIENT =
            TlsBytes.record(22, TlsBytes.handshake(1, TlsBytes.modernClient("mail.example")));
    private static final byte[] SERVER =
            TlsBytes.record(22, TlsBytes.handshake(2, TlsBytes.serverBody(0x0303, 0xc02f)));
    private static final byte[] CHANGE = TlsBytes.record(20, new byte[] {1});

    private static SessionParser<TlsMessage> parser() {
        return new TlsFactory(TlsOptions.DEFAULT).newStreamParser(new Ports(40000, 25));
    }

    private static Talk.Run run(Talk talk) {
        return Splits.same(talk, LateTlsTest::parser);
    }

    @Test
    void aHandshakeAfterStarttlsIsRead() {
        Talk.Run run =
                run(
                        new Talk()
                                .server("220 mail.example ESMTP\r\n")
                                .client("EHLO c.example\r\n")
                                .server("250-mail.example\r\n250 STARTTLS\r\n")
                                .client("STARTTLS\r\n")
                                .server("220 go ahead\r\n")
                                .client(CLIENT)
                                .server(SERVER)
                                .client(CHANGE)
                                .server(CHANGE)
                                .client("never looked at"));
        assertEquals(ParserStatus.DONE, run.status());
        ClientHello hello = run.only(ClientHello.class);
        assertEquals("mail.example", String.valueOf(hello.serverName()));
        assertTrue(hello.ja4().startsWith("t13d"), hello.ja4());
        TlsHandshake handshake = run.only(TlsHandshake.class);
        assertEquals(hello, handshake.clientHello());
        assertEquals(run.only(ServerHello.class), handshake.serverHello());
    }

    @Test
    void bytesThatOnlyBeginLikeAHelloAreSkipped() {
        byte[] almost = {0x16, 3, 0x16, 3, 1, 1, 0, 1, 0, 0, 0x16, 3, 1, 2, 0, 1, 0, 1, 0};
        Talk talk = new Talk().client(almost).client(CLIENT).server(almost).server(SERVER);
        Talk.Run run = run(talk);
        assertEquals("mail.example", String.valueOf(run.only(ClientHello.class).serverName()));
        assertEquals(1, run.all(ServerHello.class).size());
    }

    @Test
    void aGapBeforeTheHelloDoesNotHideIt() {
        Talk talk =
                new Talk().client("EHLO").gap(Side.INITIATOR, 100).client(CLIENT).server(SERVER);
        assertEquals(
                "mail.example", String.valueOf(run(talk).only(ClientHello.class).serverName()));
    }

    @Test
    void theSearchEndsAfter16KibibytesOfOtherBytes() {
        byte[] mail = new byte[20_000];
        new Random(4).nextBytes(mail);
        Talk.Run run = new Talk().client(mail).client(CLIENT).run(LateTlsTest::parser, n -> n);
        assertEquals(ParserStatus.DONE, run.status());
        assertEquals("", run.failure());
        assertTrue(run.heard().isEmpty());
    }

    @Test
    void theSearchHoldsNothing() {
        byte[] mail = new byte[16_000];
        Talk.Run run = new Talk().client(mail).run(LateTlsTest::parser, left -> 1);
        assertEquals("", run.failure());
        assertEquals(0, run.maxHeldBytes());
    }

    @Test
    void whatIsBehindADirectPortMustBeTlsAtOnce() {
        Talk.Run run =
                new Talk()
                        .client("EHLO c.example\r\n")
                        .run(
                                () ->
                                        new TlsFactory(TlsOptions.DEFAULT)
                                                .newStreamParser(new Ports(25, 443)),
                                n -> n);
        assertEquals(ParserStatus.FAILED, run.status());
    }
}
