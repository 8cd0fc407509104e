package io.flowscope.tracker.session.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.session.Datagrams;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class DnsMatchingTest {
    private static final long SECOND = 1_000_000_000L;
    private final DnsFactory factory = new DnsFactory(DnsOptions.DEFAULT);
    private final Datagrams<DnsMessage> flow = flow(factory, 53);

    private static Datagrams<DnsMessage> flow(DnsFactory factory, int port) {
        return new Datagrams<>(factory.newDatagramParser(new Ports(40000, port)));
    }

    @Test
    void aResponseCarriesItsQueryAndTheTimeBetween() {
        flow.client(1000, DnsBytes.query(5, "Example.org", 1));
        DnsQuery query = flow.only(DnsQuery.class);
        flow.server(3500, DnsBytes.answer(5, "exaMPLE.org", 1));
        DnsResponse response = flow.only(DnsResponse.class);
        assertEquals(query, response.query());
        assertEquals(2500, response.latencyNanos());
        assertEquals(0, factory.ages().size());
    }

    @Test
    void aRepeatedQueryKeepsItsFirstTime() {
        flow.client(1000, DnsBytes.query(5, "a", 1));
        flow.client(2000, DnsBytes.query(5, "a", 1));
        flow.take();
        flow.server(3000, DnsBytes.answer(5, "a", 1));
        assertEquals(2000, flow.only(DnsResponse.class).latencyNanos());
        flow.server(4000, DnsBytes.answer(5, "a", 1));
        assertNull(flow.only(DnsResponse.class).query());
    }

    @Test
    void idNameTypeAndDirectionMustAgree() {
        flow.client(1000, DnsBytes.query(5, "a", 1));
        flow.take();
        flow.server(2000, DnsBytes.answer(6, "a", 1));
        assertNull(flow.only(DnsResponse.class).query());
        flow.server(2000, DnsBytes.answer(5, "b", 1));
        assertNull(flow.only(DnsResponse.class).query());
        flow.client(2000, DnsBytes.answer(5, "a", 1));
        DnsResponse fromAsker = flow.only(DnsResponse.class);
        assertNull(fromAsker.query());
        assertEquals(-1, fromAsker.latencyNanos());
        flow.server(2000, DnsBytes.answer(5, "a", 1));
        assertNotNull(flow.only(DnsResponse.class).query());
    }

    @Test
    void aResponseWithoutQuestionIsMatchedById() {
        flow.client(1000, DnsBytes.query(5, "a", 1));
        flow.take();
        flow.server(1500, DnsBytes.header(5, 0x8181, 0, 0, 0, 0).bytes());
        assertEquals(500, flow.only(DnsResponse.class).latencyNanos());
    }

    @Test
    void aQueryIsUnansweredAfterThirtySeconds() {
        flow.client(SECOND, DnsBytes.query(5, "a", 1));
        flow.take();
        flow.time(31 * SECOND - 1);
        assertTrue(flow.take().isEmpty());
        flow.time(31 * SECOND);
        DnsUnanswered unanswered = flow.only(DnsUnanswered.class);
        assertEquals(SECOND, unanswered.askedNanos());
        assertEquals(30 * SECOND, unanswered.waitedNanos());
        flow.server(32 * SECOND, DnsBytes.answer(5, "a", 1));
        assertNull(flow.only(DnsResponse.class).query());
    }

    @Test
    void aPacketOfTheFlowAlsoMovesItsTime() {
        flow.client(0, DnsBytes.query(5, "a", 1));
        flow.client(40 * SECOND, DnsBytes.query(6, "b", 1));
        List<Object> heard = flow.take();
        assertEquals(
                List.of(DnsQuery.class, DnsUnanswered.class, DnsQuery.class),
                heard.stream().<Object>map(Object::getClass).toList());
    }

    @Test
    void theEndOfTheFlowReportsWhatStillWaits() {
        flow.client(0, DnsBytes.query(5, "a", 1));
        flow.client(1, DnsBytes.query(6, "b", 1));
        flow.take();
        flow.end(SECOND);
        assertEquals(2, flow.take().size());
        assertEquals(0, factory.ages().size());
    }

    @Test
    void theOldestQueryOfAnyFlowIsForgottenAtTheBound() {
        DnsFactory small = new DnsFactory(new DnsOptions(Duration.ofSeconds(30), 10));
        List<Datagrams<DnsMessage>> flows = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Datagrams<DnsMessage> next = flow(small, 53);
            next.client(i, DnsBytes.query(1, "a", 1));
            flows.add(next);
        }
        assertEquals(10, small.ages().size());
        assertEquals(2, small.ages().forgotten());
        for (int i = 0; i < 12; i++) {
            flows.get(i).take();
            flows.get(i).server(100, DnsBytes.answer(1, "a", 1));
            assertEquals(i >= 2, flows.get(i).only(DnsResponse.class).query() != null, "flow " + i);
        }
        assertEquals(0, small.ages().size());
    }

    @Test
    void multicastQueriesWaitForNothing() {
        for (int port : new int[] {5353, 5355}) {
            Datagrams<DnsMessage> multicast = flow(factory, port);
            multicast.client(0, DnsBytes.query(0, "a.local", 1));
            multicast.end(SECOND);
            assertEquals(1, multicast.take().size());
        }
    }

    @Test
    void bytesThatAreNoDnsFailTheParser() {
        Datagrams<DnsMessage> strange = flow(factory, 53);
        assertEquals(ParserStatus.CONTINUE, strange.client(0, new byte[] {1, 2, 3}));
        assertEquals(ParserStatus.CONTINUE, strange.server(0, new byte[] {1, 2, 3}));
        assertEquals(ParserStatus.FAILED, strange.client(0, new byte[] {1, 2, 3}));
    }

    @Test
    void aStrangeDatagramInFrontHidesNothing() {
        assertEquals(ParserStatus.CONTINUE, flow.client(0, new byte[] {1, 2, 3}));
        flow.client(1, DnsBytes.query(5, "a", 1));
        flow.take();
        flow.server(2, DnsBytes.answer(5, "a", 1));
        assertNotNull(flow.only(DnsResponse.class).query());
    }

    @Test
    void damageAfterGoodMessagesIsPassedOver() {
        flow.client(0, DnsBytes.query(5, "a", 1));
        assertEquals(ParserStatus.CONTINUE, flow.client(1, new byte[] {1, 2, 3}));
        assertEquals(1, factory.malformed());
        flow.take();
        flow.server(2, DnsBytes.answer(5, "a", 1));
        assertNotNull(flow.only(DnsResponse.class).query());
    }

    @Test
    void closingForgetsWithoutAWord() {
        DnsDatagramParser parser = (DnsDatagramParser) factory.newDatagramParser(new Ports(1, 53));
        Datagrams<DnsMessage> closing = new Datagrams<>(parser);
        closing.client(0, DnsBytes.query(5, "a", 1));
        assertEquals(30 * SECOND, parser.wakeNanos());
        parser.close();
        assertEquals(Long.MAX_VALUE, parser.wakeNanos());
        assertEquals(0, factory.ages().size());
    }
}
