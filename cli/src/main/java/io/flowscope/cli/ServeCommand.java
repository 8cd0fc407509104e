package io.flowscope.cli;

import io.flowscope.capture.BatchHandler;
import io.flowscope.capture.CaptureException;
import io.flowscope.capture.CaptureStatistics;
import io.flowscope.capture.PacketSource;
import io.flowscope.cli.serve.ChartPages;
import io.flowscope.cli.serve.Observation;
import io.flowscope.cli.serve.OwnerLookup;
import io.flowscope.obs.CaptureNumbers;
import io.flowscope.obs.FlowMetrics;
import io.flowscope.obs.MetricsOptions;
import io.flowscope.obs.PrometheusPage;
import io.flowscope.obs.jfr.RingStats;
import io.flowscope.obs.resources.ResourceMonitor;
import io.flowscope.obs.server.MetricsServer;
import io.flowscope.obs.server.MetricsServerOptions;
import io.flowscope.obs.server.Page;
import io.flowscope.obs.server.PushGateway;
import io.flowscope.tracker.EventKind;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.PacketDescriptor;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.stream.StreamConsumer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;

/** Tracks, and lets others look. */
@Command(
        name = "serve",
        description = {
            "Track an interface or capture files and serve the metrics for Prometheus at /metrics,"
                    + " with a page of live charts at /.",
            "Files are read at full speed; what they came to is served until Ctrl-C. No metric has"
                    + " an address in it; the page has."
        })
final class ServeCommand implements Callable<Integer> {
    /** What all files together are called in the label source: a name may tell too much. */
    private static final String FILES = "file";

    /** A small file is one batch, which would be one point in a chart. */
    private static final int GLANCE_PACKETS = 32;

    private static final StreamConsumer COUNTED_ONLY =
            (stream, memory, at, length, timeNanos) -> length;

    private final Stdio stdio;
    private final Interruption interruption;

    @Mixin private final SourceOptions source = new SourceOptions();
    @Mixin private final TrackingOptions tracking = new TrackingOptions();
    @Mixin private final EndpointOptions endpoint = new EndpointOptions();
    @Mixin private final MetricsChoices choices = new MetricsChoices();
    @Mixin private final PushOptions push = new PushOptions();

    @Option(
            names = "--no-streams",
            description =
                    "Do not reassemble TCP streams: less work, and nothing to say of what"
                            + " reassembly dropped.")
    private boolean noStreams;

    @Option(names = "--no-page", description = "Serve the metrics only, and no page at /.")
    private boolean noPage;

    @Option(
            names = "--trace",
            description =
                    "Tell of flows and anomalies through log4j, by default on standard error, and"
                            + " as events of the flight recorder.")
    private boolean trace;

    @Option(names = "--trace-messages", description = "Tell of messages of sessions as well.")
    private boolean traceMessages;

    @Option(
            names = "--summary",
            defaultValue = "text",
            paramLabel = "STYLE",
            description =
                    "The line on standard error at the end of the input:"
                            + " ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Summary.Style summaryStyle = Summary.Style.text;

    ServeCommand(Stdio stdio, Interruption interruption) {
        this.stdio = stdio;
        this.interruption = interruption;
    }

    @Override
    public Integer call() throws Exception {
        ObservationGates.open(trace, traceMessages);
        TrackerOptions options = tracking.trackerOptions(Set.of(EventKind.ENDED));
        if (!noStreams) {
            options = options.toBuilder().streams(flow -> COUNTED_ONLY).build();
        }
        Inputs inputs = source.inputs(stdio, interruption);
        PushGateway gateway = push.gateway();
        MetricsServerOptions listening = gateway == null ? endpoint.options() : null;
        boolean live = source.interfaceName() != null;
        try (OwnerLookup owners = live && choices.processes() ? new OwnerLookup() : null) {
            MetricsOptions known = choices.options(live, owners);
            PrometheusMeterRegistry registry =
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            try (FlowMetrics metrics = FlowMetrics.bind(registry, known);
                    Observation observation = new Observation(source.title(), live, metrics)) {
                host(metrics);
                PrometheusPage page = new PrometheusPage(registry, metrics);
                Run run = new Run(options, metrics, observation);
                return listening == null
                        ? once(inputs, run, page, gateway)
                        : serve(inputs, run, page, listening);
            }
        }
    }

    /** What is measured of this process and its host. */
    private void host(FlowMetrics metrics) {
        metrics.resources(ResourceMonitor.own());
        if (choices.jvm()) {
            try {
                metrics.jvm();
            } catch (IllegalStateException e) {
                stdio.say("note: " + e.getMessage());
            }
        }
    }

    private int once(Inputs inputs, Run run, PrometheusPage page, @Nullable PushGateway gateway) {
        boolean complete = run.readAll(inputs);
        if (gateway != null) {
            PushOptions.push(gateway, page.apply(""));
        }
        return complete ? ExitCode.DONE : ExitCode.FAILED;
    }

    private int serve(Inputs inputs, Run run, PrometheusPage page, MetricsServerOptions listening)
            throws InterruptedException {
        Map<String, Function<String, Page>> charts =
                noPage ? Map.of() : ChartPages.of(run.observation);
        try (MetricsServer server = start(listening, page, run.observation, charts)) {
            String url = url(server.address());
            stdio.say("metrics at " + url + "metrics" + (noPage ? "" : ", charts at " + url));
            boolean complete = run.readAll(inputs);
            boolean files = source.interfaceName() == null;
            if (files && run.observation.hasBegun() && !interruption.isInterrupted()) {
                CountDownLatch interrupted = new CountDownLatch(1);
                interruption.onInterrupt(interrupted::countDown);
                stdio.say("all is read; serving until Ctrl-C");
                interrupted.await();
            }
            return complete ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private static MetricsServer start(
            MetricsServerOptions listening,
            PrometheusPage page,
            Observation observation,
            Map<String, Function<String, Page>> charts) {
        try {
            return MetricsServer.start(listening, page, observation::hasBegun, charts);
        } catch (IOException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private String url(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (endpoint.isSecure() ? "https://" : "http://")
                + (host.contains(":") ? "[" + host + "]" : host)
                + ":"
                + address.getPort()
                + "/";
    }

    /** One tracker per input; all report to the same metrics. */
    private final class Run {
        private final TrackerOptions options;
        private final FlowMetrics metrics;
        private final Observation observation;
        private final Summary summary = new Summary();

        Run(TrackerOptions options, FlowMetrics metrics, Observation observation) {
            this.options = options;
            this.metrics = metrics;
            this.observation = observation;
        }

        boolean readAll(Inputs inputs) {
            boolean complete = inputs.readAll(this::track);
            observation.over();
            if (observation.hasBegun()) {
                summary.print(stdio, summaryStyle);
            }
            return complete;
        }

        void track(@Nullable String name, PacketSource packets) {
            String live = source.interfaceName();
            String label = live == null ? FILES : live;
            Supplier<CaptureNumbers> numbers = () -> numbers(packets.statistics());
            TrackerOptions own = options.toBuilder().metricsHook(metrics.hook()).build();
            try (FlowTracker tracker = new FlowTracker(own, observation.flows())) {
                AutoCloseable reported = metrics.captureSource(label, numbers);
                RingStats events = trace ? RingStats.start(label, numbers) : null;
                try {
                    follow(name, packets, tracker, live == null);
                } finally {
                    if (events != null) {
                        events.close();
                    }
                    end(reported);
                }
            }
        }

        private void follow(
                @Nullable String name, PacketSource packets, FlowTracker tracker, boolean file) {
            observation.begin(tracker, packets);
            CaptureException damage;
            try {
                damage = Tracking.track(packets, handler(tracker, file), tracker, stdio);
            } finally {
                observation.end(tracker.nowNanos());
            }
            summary.add(tracker.counters(), packets.statistics());
            if (damage != null) {
                throw damage;
            }
            Tracking.checkLinkTypes(name, tracker.counters());
        }

        private static void end(AutoCloseable reported) {
            try {
                reported.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing what does not fail", e);
            }
        }

        /** A file's time is its packets': it is looked at as they go by. */
        private BatchHandler handler(FlowTracker tracker, boolean file) {
            if (!file) {
                return tracker::trackBatch;
            }
            return (memory, descriptors, count) -> {
                for (int done = 0; done < count; done += GLANCE_PACKETS) {
                    tracker.trackBatch(
                            memory,
                            descriptors.asSlice((long) done * PacketDescriptor.BYTES),
                            Math.min(GLANCE_PACKETS, count - done));
                    observation.at(tracker.nowNanos());
                }
            };
        }

        private static CaptureNumbers numbers(CaptureStatistics of) {
            return new CaptureNumbers(of.packets(), of.drops(), of.freezes());
        }
    }
}
