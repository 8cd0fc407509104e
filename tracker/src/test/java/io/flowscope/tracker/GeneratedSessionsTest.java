package io.flowscope.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.session.dns.DnsResponse;
import io.flowscope.tracker.session.http.HttpBody;
import io.flowscope.tracker.session.http.HttpExchange;
import io.flowscope.tracker.session.tls.TlsHandshake;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** An office's traffic through the whole tracker: the same messages however it is fed. */
class GeneratedSessionsTest {
    private final Arena arena = Arena.ofShared();
    private final List<Packet> packets = new ArrayList<>();

    private record Packet(MemorySegment bytes, int captured, int length, long nanos) {}

    @BeforeEach
    void generate() {
        try (TrafficGenerator office = TrafficGenerator.mix(7)) {
            office.forEach(
                    (memory, offset, captured, length, nanos) -> {
                        MemorySegment copy = arena.allocate(captured, 8);
                        MemorySegment.copy(memory, offset, copy, 0, captured);
                        packets.add(new Packet(copy, captured, length, nanos));
                    });
        }
    }

    @AfterEach
    void free() {
        arena.close();
    }

    private static TrackerOptions options() {
        return TrackerOptions.builder().sessions(SessionOptions.defaults()).maxFlows(5_000).build();
    }

    private void singly(FlowTracker tracker) {
        for (Packet p : packets) {
            tracker.track(p.bytes, 0, p.captured, p.length, p.nanos);
        }
    }

    /** All packets in batches of 1 to 100, to a tracker or several. */
    private void batches(Batches to) {
        Random random = new Random(5);
        for (int from = 0; from < packets.size(); ) {
            int count = Math.min(1 + random.nextInt(100), packets.size() - from);
            long bytes =
                    packets.subList(from, from + count).stream().mapToInt(p -> p.captured).sum();
            MemorySegment memory = arena.allocate(bytes, 8);
            MemorySegment records = arena.allocate((long) count * PacketDescriptor.BYTES, 8);
            long at = 0;
            for (int i = 0; i < count; i++) {
                Packet p = packets.get(from + i);
                MemorySegment.copy(p.bytes, 0, memory, at, p.captured);
                long r = (long) i * PacketDescriptor.BYTES;
                records.set(JAVA_LONG, r + PacketDescriptor.OFFSET, at);
                records.set(JAVA_LONG, r + PacketDescriptor.TIMESTAMP, p.nanos);
                records.set(JAVA_INT, r + PacketDescriptor.CAPTURED, p.captured);
                records.set(JAVA_INT, r + PacketDescriptor.LENGTH, p.length);
                records.set(JAVA_SHORT, r + PacketDescriptor.LINK_TYPE, (short) 1);
                records.set(JAVA_INT, r + PacketDescriptor.INTERFACE, -1);
                at += p.captured;
            }
            to.track(memory, records, count);
            from += count;
        }
    }

    private interface Batches {
        void track(MemorySegment memory, MemorySegment descriptors, int count);
    }

    private static List<FlowEvent> run(Consumer<FlowTracker> feed) {
        List<FlowEvent> events = new ArrayList<>();
        try (FlowTracker tracker = new FlowTracker(options(), FlowEvent.listener(events::add))) {
            feed.accept(tracker);
            tracker.finish();
            assertEquals(0, tracker.sessionStatistics().heldBytes());
            assertEquals(0, tracker.sessionStatistics().failures());
            assertEquals(0, tracker.streamStatistics().memoryBytes());
            assertEquals(0, tracker.streamStatistics().open());
        }
        return events;
    }

    private static List<String> said(List<FlowEvent> events) {
        return events.stream()
                .filter(e -> e instanceof FlowEvent.Message || e instanceof FlowEvent.ParserClosed)
                .map(Object::toString)
                .toList();
    }

    private static <T> List<T> messages(List<FlowEvent> events, Class<T> kind) {
        return events.stream()
                .filter(FlowEvent.Message.class::isInstance)
                .map(e -> ((FlowEvent.Message) e).message())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    @Test
    void everythingThatWasSaidIsThere() {
        List<FlowEvent> events = run(this::singly);
        List<HttpExchange> exchanges = messages(events, HttpExchange.class);
        assertTrue(exchanges.size() >= 5, "exchanges " + exchanges.size());
        for (HttpExchange exchange : exchanges) {
            assertTrue(exchange.request() != null && exchange.response() != null);
            assertTrue(
                    exchange.response().body().outcome() == HttpBody.Outcome.COMPLETE
                            || exchange.response().body().outcome() == HttpBody.Outcome.NONE);
        }
        List<DnsResponse> responses = messages(events, DnsResponse.class);
        assertTrue(responses.size() >= 5, "responses " + responses.size());
        assertTrue(responses.stream().allMatch(r -> r.query() != null && r.latencyNanos() > 0));
        for (TlsHandshake handshake : messages(events, TlsHandshake.class)) {
            assertTrue(handshake.clientHello() != null && handshake.serverHello() != null);
        }
        assertTrue(messages(events, TlsHandshake.class).size() >= 2);
    }

    @Test
    void batchesSayTheSameAsSinglePackets() {
        List<FlowEvent> singly = run(this::singly);
        List<FlowEvent> batched = run(tracker -> batches(tracker::trackBatch));
        assertEquals(said(singly), said(batched));
    }

    @Test
    void severalTrackersSayTheSameAsOne() {
        List<FlowEvent> events = new ArrayList<>();
        try (ShardedTracker trackers = ShardedTracker.merged(3, options(), events::add)) {
            batches(trackers::trackBatch);
            trackers.finish();
        }
        assertEquals(
                said(run(this::singly)).stream().sorted().toList(),
                said(events).stream().sorted().toList());
    }
}
