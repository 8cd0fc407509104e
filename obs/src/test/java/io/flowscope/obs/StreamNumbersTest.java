package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.stream.StreamConsumer;
import io.flowscope.tracker.stream.StreamOptions;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.function.Consumer;

/** What reassembly did with a flow's streams, as a tracker tells it at the flow's end. */
class StreamNumbersTest {
    private static final String CLIENT = "198.51.100.1";
    private static final String SERVER = "203.0.113.2";
    private static final String LATE = "flowscope_reassembly_dropped_ooo_total{side=";
    private static final String OVERSIZE =
            "flowscope_reassembly_bytes_dropped_oversize_total{side=";
    private static final String HIGH = "flowscope_reassembler_high_watermark_bytes_";

    /** The page after a conversation behind a handshake, its streams reassembled and finished. */
    private static Scrape after(
            StreamOptions streams, boolean consumes, Consumer<Traffic> conversation) {
        StreamConsumer consumer = (stream, memory, at, length, now) -> consumes ? length : 0;
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (FlowMetrics metrics = FlowMetrics.bind(registry, MetricsOptions.defaults());
                FlowTracker tracker =
                        new FlowTracker(
                                TrackerOptions.builder()
                                        .closeLinger(Duration.ZERO)
                                        .streams(flow -> consumer)
                                        .streamOptions(streams)
                                        .metricsHook(metrics.hook())
                                        .build(),
                                FlowListener.NONE)) {
            Traffic traffic = new Traffic(tracker);
            traffic.handshake(CLIENT, 1000, SERVER, 80, 1, 1);
            conversation.accept(traffic);
            tracker.finish();
            return new Scrape(new String(new PrometheusPage(registry, metrics).apply("").body()));
        }
    }

    private static void up(Traffic traffic, int sequence, int length) {
        traffic.tcp(CLIENT, 1000, SERVER, 80, Traffic.PSH_ACK, sequence, 201, length);
    }

    private static void down(Traffic traffic, int sequence, int length) {
        traffic.tcp(SERVER, 80, CLIENT, 1000, Traffic.PSH_ACK, sequence, 101, length);
    }

    @Test
    void segmentsAheadAreCountedOnceEachInStrictMode() {
        Scrape page =
                after(
                        StreamOptions.builder().strict(true).build(),
                        true,
                        traffic -> {
                            up(traffic, 111, 10);
                            up(traffic, 121, 500);
                            down(traffic, 211, 7);
                        });
        assertEquals(2, page.value(LATE + "initiator}"));
        assertEquals(1, page.value(LATE + "responder}"));
        assertEquals(0, page.value(OVERSIZE + "initiator}"));
        assertEquals(0, page.value(HIGH + "count{side=initiator}"));
    }

    @Test
    void mostBytesBehindAHoleAreTheHighWatermarkOfTheirSide() {
        Scrape page =
                after(
                        StreamOptions.defaults(),
                        true,
                        traffic -> {
                            down(traffic, 211, 300);
                            down(traffic, 201, 10);
                            down(traffic, 521, 100);
                        });
        assertEquals(1, page.value(HIGH + "count{side=responder}"));
        assertEquals(300, page.value(HIGH + "sum{side=responder}"));
        assertEquals(0, page.value(HIGH + "count{side=initiator}"));
        assertEquals(0, page.value(LATE + "responder}"));
    }

    @Test
    void bytesThatAFullBufferCostAreCountedAtTheEnd() {
        Scrape page =
                after(
                        StreamOptions.builder().bufferBytes(100).holdBytes(100).build(),
                        false,
                        traffic -> {
                            up(traffic, 101, 80);
                            up(traffic, 181, 70);
                        });
        assertEquals(50, page.value(OVERSIZE + "initiator}"));
        assertEquals(0, page.value(OVERSIZE + "responder}"));
        assertEquals(0, page.value(LATE + "initiator}"));
    }

    @Test
    void whatCouldNotBeAFlowsOwnCountsAsOutOfPlace() {
        Scrape page =
                after(
                        StreamOptions.defaults(),
                        true,
                        traffic -> {
                            up(traffic, 50_000_000, 10);
                            up(traffic, 101, 10);
                        });
        assertEquals(1, page.value(LATE + "initiator}"));
    }
}
