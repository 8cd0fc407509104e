package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.FlowHook;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.session.dns.DnsResponse;
import io.flowscope.tracker.stream.OverflowPolicy;
import io.flowscope.tracker.stream.StreamOptions;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What streams and sessions add to the metrics, and what a tracing hook hears of them. */
class SessionMetricsTest {
    private static final String CLIENT = "10.0.0.1";
    private static final String SERVER = "10.0.0.53";
    private static final byte[] QUERY = {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1};

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private static byte[] answer() {
        byte[] answer = QUERY.clone();
        answer[2] = (byte) 0x81;
        return answer;
    }

    @Test
    void dnsLatenciesAreMeasuredFromQueryToResponse() {
        try (FlowMetrics metrics = FlowMetrics.bind(registry, MetricsOptions.defaults());
                FlowTracker tracker =
                        new FlowTracker(
                                TrackerOptions.builder()
                                        .sessions(SessionOptions.defaults())
                                        .metricsHook(metrics.hook())
                                        .build())) {
            Traffic traffic = new Traffic(tracker);
            traffic.udp(CLIENT, 5000, SERVER, 53, QUERY);
            traffic.millis(12).udp(SERVER, 53, CLIENT, 5000, answer());
            // An answer that nobody asked for has no latency.
            traffic.millis(30).udp(SERVER, 53, CLIENT, 5000, answer());
            metrics.refresh();
            Scrape scrape = new Scrape(registry.scrape());
            String labels = "{process_name=unknown,type=DNS}";
            assertEquals(1, scrape.value("flowscope_dns_latency_seconds_histogram_count" + labels));
            assertEquals(
                    0.012,
                    scrape.value("flowscope_dns_latency_seconds_histogram_sum" + labels),
                    1e-12);
            assertEquals(
                    0.012, scrape.value("flowscope_dns_latency_seconds_gauge" + labels), 1e-12);
        }
    }

    @Test
    void streamsTellWhatTheyHeldAndWhatALimitCost() {
        StreamOptions small =
                StreamOptions.builder()
                        .holdBytes(500)
                        .bufferBytes(500)
                        .overflow(OverflowPolicy.DROP_FLOW)
                        .build();
        try (FlowMetrics metrics = FlowMetrics.bind(registry, MetricsOptions.defaults());
                FlowTracker tracker =
                        new FlowTracker(
                                TrackerOptions.builder()
                                        .streams(
                                                flow ->
                                                        (stream, memory, at, length, time) ->
                                                                length)
                                        .streamOptions(small)
                                        .metricsHook(metrics.hook())
                                        .build())) {
            Traffic traffic = new Traffic(tracker);
            traffic.handshake(CLIENT, 1, SERVER, 80, 1, 1);
            traffic.tcp(CLIENT, 1, SERVER, 80, Traffic.PSH_ACK, 201, 201, 300);
            traffic.tcp(CLIENT, 1, SERVER, 80, Traffic.PSH_ACK, 501, 201, 300);
            traffic.tcp(SERVER, 80, CLIENT, 1, Traffic.PSH_ACK, 201, 101, 10);
            tracker.finish();
            metrics.refresh();
            Scrape scrape = new Scrape(registry.scrape());
            String dropped = "flowscope_reassembly_bytes_dropped_oversize_total{side=";
            assertEquals(600, scrape.value(dropped + "initiator}"));
            assertEquals(0, scrape.value(dropped + "responder}"));
            String mark = "flowscope_reassembler_high_watermark_bytes_sum{side=initiator}";
            assertEquals(300, scrape.value(mark));
        }
    }

    @Test
    void aTracingHookHearsMessagesAndStreams() {
        List<String> heard = new ArrayList<>();
        FlowHook hook =
                new FlowHook() {
                    @Override
                    public void onMessage(FlowView flow, Side side, Object message) {
                        heard.add(side + " " + (message instanceof DnsResponse));
                        assertEquals(5000, flow.port(Side.INITIATOR));
                    }

                    @Override
                    public void onReassembled(
                            FlowView flow, Side side, long drops, long oversize, long highest) {
                        heard.add(side + " stream");
                    }
                };
        try (FlowTracker tracker =
                new FlowTracker(
                        TrackerOptions.builder()
                                .sessions(SessionOptions.defaults())
                                .tracingHook(hook)
                                .build())) {
            Traffic traffic = new Traffic(tracker);
            traffic.udp(CLIENT, 5000, SERVER, 53, QUERY);
            traffic.udp(SERVER, 53, CLIENT, 5000, answer());
            assertEquals(List.of("INITIATOR false", "RESPONDER true"), heard);
            heard.clear();
            traffic.handshake(CLIENT, 1, SERVER, 80, 1, 1);
            assertTrue(heard.isEmpty());
            tracker.finish();
            assertEquals(List.of("INITIATOR stream", "RESPONDER stream"), heard);
            assertFalse(heard.contains("INITIATOR true"));
        }
    }
}
