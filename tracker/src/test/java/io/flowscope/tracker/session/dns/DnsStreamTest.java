package io.flowscope.tracker.session.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.Probe;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.Splits;
import io.flowscope.tracker.session.Talk;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class DnsStreamTest {
    private static SessionParser<DnsMessage> parser() {
        return new DnsFactory(DnsOptions.DEFAULT).newStreamParser(new Ports(40000, 53));
    }

    @Test
    void messagesAreTheSameHoweverTheStreamIsCut() {
        byte[] large = new byte[20_000];
        Arrays.fill(large, (byte) 7);
        Talk talk =
                new Talk()
                        .client(DnsBytes.framed(DnsBytes.query(1, "a.example", 1)))
                        .client(DnsBytes.framed(DnsBytes.query(2, "b.example", 28)))
                        .server(DnsBytes.framed(DnsBytes.answer(2, "b.example", 7)))
                        .server(
                                DnsBytes.framed(
                                        DnsBytes.header(1, 0x8180, 1, 1, 0, 0)
                                                .name("a.example")
                                                .u16(1)
                                                .u16(1)
                                                .record(999, large)
                                                .bytes()))
                        .end(Side.INITIATOR)
                        .end(Side.RESPONDER);
        Talk.Run run = Splits.same(talk, DnsStreamTest::parser);
        assertEquals(2, run.all(DnsResponse.class).size());
        assertEquals(ParserStatus.DONE, run.status());
    }

    @Test
    void aLengthShorterThanAHeaderIsNoDns() {
        Talk.Run run = Splits.same(new Talk().client(new byte[] {0, 11, 1}), DnsStreamTest::parser);
        assertEquals(ParserStatus.FAILED, run.status());
        assertEquals("not DNS: length shorter than a header", run.failure());
    }

    @Test
    void aGapReportsWhatWaitsAndStops() {
        Talk talk =
                new Talk()
                        .client(DnsBytes.framed(DnsBytes.query(1, "a.example", 1)))
                        .gap(Side.RESPONDER, 10);
        Talk.Run run = talk.whole(DnsStreamTest::parser);
        assertEquals(ParserStatus.DONE, run.status());
        assertEquals(1, run.all(DnsUnanswered.class).size());
    }

    @Test
    void heldMemoryIsBoundedByOneMessagePerSide() {
        byte[] most = new byte[65_536];
        most[0] = (byte) 0xff;
        most[1] = (byte) 0xff;
        Talk.Run run = new Talk().client(most).server(most).run(DnsStreamTest::parser, left -> 999);
        assertTrue(run.maxHeldBytes() <= 2 * 65_537, "held " + run.maxHeldBytes());
    }

    private static Probe probe(byte[] bytes) {
        return new DnsFactory(DnsOptions.DEFAULT)
                .probeDatagram(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    @Test
    void theProbeKnowsDnsFromOtherBytes() {
        assertEquals(Probe.YES, probe(DnsBytes.query(9, "www.example", 65)));
        assertEquals(Probe.YES, probe(DnsBytes.answer(9, "www.example", 65)));
        assertEquals(Probe.NO, probe("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(Probe.NO, probe(new byte[40]));
        assertEquals(Probe.NO, probe(new byte[3]));
        byte[] framed = DnsBytes.framed(DnsBytes.query(9, "www.example", 65));
        MemorySegment memory = MemorySegment.ofArray(framed);
        DnsFactory factory = new DnsFactory(DnsOptions.DEFAULT);
        assertEquals(Probe.YES, factory.probeStream(memory, 0, framed.length));
        assertEquals(Probe.MORE, factory.probeStream(memory, 0, 5));
    }

    @Test
    void twoMessagesMayComeInOnePieceAndOneInThree() {
        byte[] first = DnsBytes.framed(DnsBytes.query(1, "a.example", 1));
        byte[] second = DnsBytes.framed(DnsBytes.query(2, "b.example", 1));
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        byte[] answer = DnsBytes.framed(DnsBytes.answer(2, "b.example", 7));
        Talk talk =
                new Talk()
                        .client(both)
                        .server(Arrays.copyOf(answer, 1))
                        .server(Arrays.copyOfRange(answer, 1, 20))
                        .server(Arrays.copyOfRange(answer, 20, answer.length))
                        .end(Side.INITIATOR)
                        .end(Side.RESPONDER);
        Talk.Run run = Splits.same(talk, DnsStreamTest::parser);
        assertEquals(2, run.all(DnsQuery.class).size());
        assertEquals(2_000_000 + 1_000_000, run.only(DnsResponse.class).latencyNanos());
        assertEquals(1, run.all(DnsUnanswered.class).size());
    }
}
