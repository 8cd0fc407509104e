package io.flowscope.cli;

import io.flowscope.cli.output.AddressText;
import io.flowscope.cli.serve.ChartPages;
import io.flowscope.cli.serve.OwnerLookup;
import io.flowscope.cli.watch.FlowBoard;
import io.flowscope.cli.watch.Observation;
import io.flowscope.obs.FlowMetrics;
import io.flowscope.obs.MetricsOptions;
import io.flowscope.obs.PrometheusPage;
import io.flowscope.obs.resources.ResourceMonitor;
import io.flowscope.obs.server.MetricsServer;
import io.flowscope.obs.server.MetricsServerOptions;
import io.flowscope.obs.server.Page;
import io.flowscope.obs.server.PushGateway;
import io.flowscope.tracker.EventKind;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.stream.StreamConsumer;
import io.flowscope.tracker.stream.StreamOptions;
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

    @Option(
            names = "--trace-messages",
            description =
                    "Tell of messages of sessions as well: what was said, names and addresses in it"
                            + " included.")
    private boolean traceMessages;

    @Mixin private final SummaryOption summaryOption = new SummaryOption();

    ServeCommand(Stdio stdio, Interruption interruption) {
        this.stdio = stdio;
        this.interruption = interruption;
    }

    @Override
    public Integer call() throws Exception {
        ObservationGates.open(trace, traceMessages);
        TrackerOptions options = options();
        Inputs inputs = source.inputs(stdio, interruption);
        PushGateway gateway = push.gateway();
        MetricsServerOptions listening = gateway == null ? endpoint.options() : null;
        boolean live = source.interfaceName() != null;
        try (OwnerLookup owners = live && choices.processes() ? new OwnerLookup() : null) {
            MetricsOptions known = choices.options(live, owners);
            PrometheusMeterRegistry registry =
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            try (FlowMetrics metrics = FlowMetrics.bind(registry, known);
                    Observation observation =
                            new Observation(source.title(), live, metrics, new FlowBoard())) {
                host(metrics);
                PrometheusPage page = new PrometheusPage(registry, metrics);
                ObservedRun run =
                        new ObservedRun(
                                options,
                                metrics,
                                observation,
                                tracking.workers(),
                                trace || traceMessages,
                                stdio);
                return listening == null
                        ? once(inputs, run, page, gateway)
                        : serve(inputs, run, page, listening);
            }
        }
    }

    /** Sessions are read for the latency of DNS, all of them only to tell of their messages. */
    private TrackerOptions options() {
        SessionOptions.Builder sessions = SessionOptions.builder();
        if (!traceMessages) {
            sessions.only("dns").probing(false);
        }
        StreamOptions.Builder streams = StreamOptions.builder();
        if (!tracking.timeouts()) {
            streams.noTimeouts();
        }
        return tracking.trackerOptions(Set.of(EventKind.ENDED)).toBuilder()
                .sessions(sessions.build())
                .streamOptions(streams.build())
                .streams(noStreams ? null : flow -> COUNTED_ONLY)
                .build();
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

    private int once(
            Inputs inputs, ObservedRun run, PrometheusPage page, @Nullable PushGateway gateway) {
        boolean complete = run.readAll(inputs, summaryOption.style());
        if (gateway != null) {
            PushOptions.push(gateway, page.apply(""));
        }
        return complete ? ExitCode.DONE : ExitCode.FAILED;
    }

    private int serve(
            Inputs inputs, ObservedRun run, PrometheusPage page, MetricsServerOptions listening)
            throws InterruptedException {
        Map<String, Function<String, Page>> charts =
                noPage ? Map.of() : ChartPages.of(run.observation());
        try (MetricsServer server = start(listening, page, run.observation(), charts)) {
            String url = url(server.address());
            stdio.say("metrics at " + url + "metrics" + (noPage ? "" : ", charts at " + url));
            boolean complete = run.readAll(inputs, summaryOption.style());
            boolean files = source.interfaceName() == null;
            if (files && run.observation().hasBegun() && !interruption.isInterrupted()) {
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
        String host = AddressText.of(address.getAddress().getAddress());
        return (endpoint.isSecure() ? "https://" : "http://")
                + (host.contains(":") ? "[" + host + "]" : host)
                + ":"
                + address.getPort()
                + "/";
    }
}
