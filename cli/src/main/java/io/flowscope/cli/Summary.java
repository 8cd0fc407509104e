package io.flowscope.cli;

import static io.flowscope.cli.output.JsonLines.name;

import io.flowscope.capture.CaptureStatistics;
import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.output.HumanText;
import io.flowscope.cli.output.JsonLines;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.TrackerCounters;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a run over packets came to: the last line on standard error. */
final class Summary {
    private final long beganNanos = System.nanoTime();
    private long packets;
    private long bytes;
    private long unmatched;
    private long flows;
    private long drops;
    private long evicted;

    /** Named as they are typed. */
    enum Style {
        text,
        json,
        none
    }

    /** Adds what one tracker and its source have counted. */
    void add(TrackerCounters counters, CaptureStatistics statistics) {
        packets += counters.packets();
        bytes += counters.bytes();
        unmatched += counters.unmatched();
        flows += counters.created();
        drops += statistics.drops();
        evicted += counters.ended(EndReason.EVICTED);
    }

    void print(Stdio stdio, Style style) {
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        long perSecond = Math.round(packets / Math.max(seconds, 1e-9));
        switch (style) {
            case text -> stdio.say(text(seconds, perSecond));
            case json -> stdio.err.print(json(seconds, perSecond));
            case none -> {
                return;
            }
        }
        stdio.err.flush();
    }

    private String text(double seconds, long perSecond) {
        return String.join(
                ", ",
                HumanText.count(packets) + " packets",
                HumanText.bytes(bytes),
                HumanText.count(unmatched) + " unmatched",
                (drops > 0 ? HumanText.count(drops) + " dropped, " : "")
                        + HumanText.count(flows)
                        + " flows"
                        + (evicted > 0
                                ? " (" + HumanText.count(evicted) + " evicted, see --max-flows)"
                                : ""),
                String.format(Locale.ROOT, "%.3f s", seconds),
                HumanText.count(perSecond) + " packets/s");
    }

    private String json(double seconds, long perSecond) {
        ByteArrayOutputStream bytesOut = new ByteArrayOutputStream();
        ByteSink sink = new ByteSink(bytesOut);
        JsonLines json = new JsonLines(sink);
        json.begin()
                .number(name("packets"), packets)
                .number(name("bytes"), bytes)
                .number(name("unmatched"), unmatched)
                .number(name("dropped"), drops)
                .number(name("flows"), flows)
                .number(name("evicted"), evicted);
        json.field(name("seconds")).put(String.format(Locale.ROOT, "%.6f", seconds));
        json.number(name("packets_per_second"), perSecond).endLine();
        sink.flush();
        return bytesOut.toString(StandardCharsets.UTF_8);
    }
}
