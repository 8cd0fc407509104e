package io.flowscope.obs;

import io.flowscope.obs.resources.AlertThresholds;
import io.flowscope.obs.resources.ControlGroup;
import io.flowscope.obs.resources.ResourceMonitor;
import io.flowscope.obs.server.Page;
import io.flowscope.obs.teams.TeamTable;
import io.flowscope.obs.teams.Teams;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowHook;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.LatencyKind;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerMeasurements;
import io.flowscope.tracker.TrackerOptions;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A tracker with every metric there is, over traffic that moves all of them. */
final class Showcase implements AutoCloseable {
    /** What must not be seen anywhere. */
    static final List<String> SECRETS =
            List.of("198.51.100", "203.0.113", "2001:db8", "45678", "8443", "5353");

    private static final String HERE = "198.51.100.77";
    private static final String THERE = "203.0.113.99";
    private static final int PORT = 45_678;

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final FlowMetrics metrics;
    private final FlowTracker tracker;
    private final Traffic traffic;
    private final Recorder recorder;
    private final Path folder;
    private long captured;
    private int round;

    /** Stands between hook and tracker, to see the measurements. */
    private static final class Recorder implements FlowHook {
        private final FlowHook hook;
        private TrackerMeasurements measurements;

        Recorder(FlowHook hook) {
            this.hook = hook;
        }

        @Override
        public void onAttached(TrackerMeasurements of) {
            measurements = of;
            hook.onAttached(of);
        }

        @Override
        public void onDetached(TrackerMeasurements of) {
            hook.onDetached(of);
        }

        @Override
        public void onStarted(FlowView flow) {
            hook.onStarted(flow);
        }

        @Override
        public void onEnded(FlowView flow, EndReason reason) {
            hook.onReassembled(flow, Side.INITIATOR, 3, 0, 0);
            hook.onReassembled(flow, Side.RESPONDER, 5, 700, 9000);
            hook.onEnded(flow, reason);
        }

        /** What a tracker with a DNS parser does. */
        void dns(long nanos) {
            try {
                Method latency =
                        TrackerMeasurements.class.getDeclaredMethod(
                                "latency", LatencyKind.class, int.class, long.class, long.class);
                latency.setAccessible(true);
                latency.invoke(measurements, LatencyKind.DNS, 0, nanos, 1L);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(e.getMessage(), e);
            }
        }
    }

    Showcase(Path folder) throws IOException {
        this.folder = folder;
        metrics =
                FlowMetrics.bind(
                        registry,
                        MetricsOptions.builder()
                                .localAddresses(
                                        () -> List.of(new InetSocketAddress(HERE, 0).getAddress()))
                                .teams(
                                        Teams.of(
                                                TeamTable.parse(
                                                        List.of(
                                                                "198.51.100.0/24 shop",
                                                                "203.0.113.0/24 pay"))))
                                .processLookup(
                                        (protocol, local, remote) ->
                                                remote.getPort() == 5353 ? null : "nginx")
                                .build());
        Files.writeString(folder.resolve("cgroup.controllers"), "");
        Files.writeString(folder.resolve("memory.max"), "1000\n");
        Files.writeString(folder.resolve("memory.current"), "930\n");
        metrics.resources(
                new ResourceMonitor(
                        Map.of("shop", ControlGroup.at(folder)),
                        AlertThresholds.DEFAULT,
                        (before, now) -> {}));
        metrics.jvm();
        metrics.captureSource(
                "eth0", () -> new CaptureNumbers(captured, captured / 10, captured / 100));
        recorder = new Recorder(metrics.hook());
        tracker =
                new FlowTracker(
                        TrackerOptions.builder()
                                .maxFlows(40)
                                .closeLinger(Duration.ZERO)
                                .metricsHook(recorder)
                                .build(),
                        FlowListener.NONE);
        traffic = new Traffic(tracker);
    }

    FlowTracker tracker() {
        return tracker;
    }

    Function<String, Page> page() {
        return new PrometheusPage(registry, metrics);
    }

    /** A second of everything. */
    void talk() throws IOException {
        round++;
        traffic.millis(1000);
        for (int i = 0; i < 10; i++) {
            int port = PORT + i;
            traffic.connection(HERE, port, THERE, 8443, 20, 10, 100, 2000);
            traffic.udp(HERE, port, THERE, 5353, 40 + round);
            traffic.udp(THERE, 5353, HERE, port, 80);
            traffic.handshake(THERE, port, HERE, 8443, 5, 5);
            traffic.tcp(THERE, port, HERE, 8443, Traffic.PSH_ACK, 201, 201, 10);
            traffic.tcp(THERE, port, HERE, 8443, Traffic.PSH_ACK, 101, 201, 10);
            traffic.udp("2001:db8::" + (round * 10 + i), 1, "2001:db8::1", 8443, 5);
            recorder.dns(3_000_000L * i);
        }
        traffic.ping(HERE, THERE);
        traffic.nonsense();
        captured += 1000;
        try (FileChannel file =
                FileChannel.open(
                        folder.resolve("f"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1000));
            file.force(true);
            file.position(0);
            file.read(ByteBuffer.allocate(1000));
        }
    }

    @Override
    public void close() {
        tracker.close();
        metrics.close();
    }
}
