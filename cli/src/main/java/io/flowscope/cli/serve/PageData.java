package io.flowscope.cli.serve;

import static io.flowscope.cli.output.JsonLines.name;

import io.flowscope.capture.CaptureStatistics;
import io.flowscope.cli.flows.Protocols;
import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.output.JsonLines;
import io.flowscope.cli.watch.FlowBoard;
import io.flowscope.cli.watch.Observation;
import io.flowscope.cli.watch.Timeline;
import io.flowscope.cli.watch.Totals;
import io.flowscope.obs.Labels;
import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.LatencyHistogram;
import io.flowscope.tracker.RoundTripStatistics;
import io.flowscope.tracker.TrackerCounters;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/**
 * What the page draws, as JSON:
 *
 * <pre>
 *   source, live, over     what is observed, and whether there is more to come
 *   packets … drops        totals
 *   ends                   {reason: flows}
 *   begin_ms, step_ms      of the first step and of each
 *   steps                  {packets: […], bytes: […], flows: […], drops: […]}, growth by step
 *   anomalies              [{kind, total, steps: […]}]
 *   round_trip_bounds_us   upper bounds; the bucket behind the last has none
 *   round_trips            step by step, all buckets of each
 *   top                    [{protocol, source, …}]
 * </pre>
 */
final class PageData {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    private final ByteSink sink = new ByteSink(bytes);
    private final JsonLines json = new JsonLines(sink);
    private final Observation of;

    private PageData(Observation of) {
        this.of = of;
    }

    static byte[] of(Observation observation) {
        PageData data = new PageData(observation);
        data.write();
        data.sink.flush();
        return data.bytes.toByteArray();
    }

    private void write() {
        json.begin()
                .text(name("source"), of.name())
                .flag(name("live"), of.isLive())
                .flag(name("over"), of.isOver());
        totals();
        Timeline.View view = of.timeline().view();
        long[][] steps = view.steps();
        json.number(name("begin_ms"), view.beginNanos() / 1_000_000)
                .number(name("step_ms"), view.stepNanos() / 1_000_000);
        json.begin(name("steps"));
        column("packets", steps, Totals.PACKETS);
        column("bytes", steps, Totals.BYTES);
        column("flows", steps, Totals.FLOWS);
        column("drops", steps, Totals.DROPS);
        json.end();
        anomalies(steps);
        roundTrips(steps);
        json.beginArray(name("top"));
        of.flows().rows(System.nanoTime()).forEach(this::row);
        json.endArray();
        json.endLine();
    }

    private void totals() {
        CaptureStatistics statistics = of.statistics();
        TrackerCounters counters = of.counters();
        json.number(name("drops"), statistics.drops())
                .number(name("freezes"), statistics.freezes())
                .number(name("packets"), counters == null ? 0 : counters.packets())
                .number(name("bytes"), counters == null ? 0 : counters.bytes())
                .number(name("unmatched"), counters == null ? 0 : counters.unmatched())
                .number(name("flows"), counters == null ? 0 : counters.created())
                .number(name("active"), counters == null ? 0 : counters.live());
        json.begin(name("ends"));
        for (EndReason reason : EndReason.values()) {
            long ended = counters == null ? 0 : counters.ended(reason);
            json.number(name(Labels.of(reason)), ended);
        }
        json.end();
    }

    private void column(String title, long[][] steps, int place) {
        json.beginArray(name(title));
        for (long[] step : steps) {
            json.element(step[place]);
        }
        json.endArray();
    }

    private void anomalies(long[][] steps) {
        TrackerCounters counters = of.counters();
        json.beginArray(name("anomalies"));
        for (AnomalyKind kind : AnomalyKind.values()) {
            json.begin()
                    .plain(name("kind"), Labels.of(kind))
                    .number(name("total"), counters == null ? 0 : counters.anomalies(kind));
            column("steps", steps, Totals.anomalies(kind));
            json.end();
        }
        json.endArray();
    }

    private void roundTrips(long[][] steps) {
        json.beginArray(name("round_trip_bounds_us"));
        for (int i = 0; i < LatencyHistogram.BUCKETS; i++) {
            json.element(LatencyHistogram.boundNanos(i) / 1000);
        }
        json.endArray().beginArray(name("round_trips"));
        for (long[] step : steps) {
            for (int i = 0; i < Totals.ROUND_TRIP_BUCKETS; i++) {
                json.element(step[Totals.roundTrips(i)]);
            }
        }
        json.endArray();
    }

    private void row(FlowBoard.Row row) {
        FlowRecord flow = row.flow();
        RoundTripStatistics roundTrips = flow.roundTrips();
        EndReason reason = flow.reason();
        json.begin()
                .plain(name("protocol"), Protocols.name(flow.protocol()))
                .text(name("source"), flow.initiatorAddress())
                .text(name("target"), flow.responderAddress())
                .number(name("bytes_out"), flow.initiator().bytes())
                .number(name("bytes_back"), flow.responder().bytes())
                .number(name("packets"), flow.initiator().packets() + flow.responder().packets())
                .number(
                        name("retransmissions"),
                        flow.initiator().retransmissions() + flow.responder().retransmissions())
                .number(name("duration_ms"), flow.durationNanos() / 1_000_000)
                .plain(name("state"), flow.state().name().toLowerCase(Locale.ROOT));
        if (Protocols.hasPorts(flow.protocol())) {
            json.number(name("source_port"), flow.initiatorPort())
                    .number(name("target_port"), flow.responderPort());
        }
        if (row.bytesPerSecond() >= 0) {
            json.number(name("bytes_per_second"), row.bytesPerSecond());
        }
        if (roundTrips.count() > 0) {
            json.number(name("round_trip_us"), Math.round(roundTrips.mean() / 1000));
        }
        if (reason != null) {
            json.plain(name("reason"), Labels.of(reason));
        }
        json.end();
    }
}
