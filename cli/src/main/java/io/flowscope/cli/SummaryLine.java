package io.flowscope.cli;

import static io.flowscope.cli.output.JsonLines.name;

import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.output.HumanText;
import io.flowscope.cli.output.JsonLines;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * The last line on standard error: a run's numbers in the order in which they are given, as phrases
 * for people or as one JSON object. Time and rate come last.
 */
final class SummaryLine {
    private final StringJoiner phrases = new StringJoiner(", ");
    private final ByteArrayOutputStream object = new ByteArrayOutputStream();
    private final ByteSink sink = new ByteSink(object);
    private final JsonLines json = new JsonLines(sink).begin();

    /** A number that people read in this phrase. */
    SummaryLine number(String field, long value, String phrase) {
        phrases.add(phrase);
        return number(field, value);
    }

    /** A number that people do not need. */
    SummaryLine number(String field, long value) {
        json.number(name(field), value);
        return this;
    }

    /** A number of what people need to know of only where it happened. */
    SummaryLine unlessZero(String field, long value, String what) {
        return value == 0
                ? number(field, value)
                : number(field, value, HumanText.count(value) + " " + what);
    }

    /** Ends the line and prints it. */
    void print(Stdio stdio, Summary.Style style, long packets, double seconds) {
        long perSecond = Math.round(packets / Math.max(seconds, 1e-9));
        switch (style) {
            case text -> {
                phrases.add(String.format(Locale.ROOT, "%.3f s", seconds));
                phrases.add(HumanText.count(perSecond) + " packets/s");
                stdio.say(phrases.toString());
            }
            case json -> {
                json.field(name("seconds")).put(String.format(Locale.ROOT, "%.6f", seconds));
                json.number(name("packets_per_second"), perSecond).endLine();
                sink.flush();
                stdio.err.print(object.toString(StandardCharsets.UTF_8));
            }
            case none -> {
                return;
            }
        }
        stdio.err.flush();
    }
}
