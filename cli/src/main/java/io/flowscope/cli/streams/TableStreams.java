package io.flowscope.cli.streams;

import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.output.HumanText;
import io.flowscope.cli.output.TextTable;
import io.flowscope.tracker.stream.StreamSummary;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The longest streams for people. Holds those that it will show until the end. */
public final class TableStreams implements StreamOutput {
    /** Longest first, then as they ended. */
    private static final Comparator<Row> ORDER =
            Comparator.comparingLong((Row row) -> -row.stream.length())
                    .thenComparingLong(Row::number);

    private final ByteSink out;
    private final boolean withFile;
    private final boolean colors;
    private final long limit;

    /** The first to go is on top. */
    private final PriorityQueue<Row> held = new PriorityQueue<>(ORDER.reversed());

    private long rows;

    /**
     * Writes to the sink.
     *
     * @param withFile whether the first column is the input's name
     * @param colors whether the terminal shows them
     * @param limit how many are shown, 0 for all
     */
    public TableStreams(ByteSink out, boolean withFile, boolean colors, long limit) {
        this.out = out;
        this.withFile = withFile;
        this.colors = colors;
        this.limit = limit == 0 ? Long.MAX_VALUE : limit;
    }

    private record Row(@Nullable String file, long number, StreamSummary stream) {}

    @Override
    public void write(@Nullable String file, StreamSummary stream) {
        held.add(new Row(file, rows++, stream));
        if (held.size() > limit) {
            held.poll();
        }
    }

    /** Streams that are not shown. */
    public long leftOut() {
        return Math.max(0, rows - limit);
    }

    @Override
    public void end() {
        TextTable table = new TextTable();
        if (withFile) {
            table.column("FILE");
        }
        table.column("FROM")
                .column("TO")
                .numbers("LENGTH")
                .numbers("GAPS")
                .numbers("MISSING")
                .numbers("AGAIN")
                .numbers("CONFLICT")
                .column("COMPLETE")
                .column("SHA-256");
        held.stream().sorted(ORDER).forEach(row -> table.row(cells(row)));
        table.writeTo(out, colors);
    }

    private String[] cells(Row row) {
        StreamSummary stream = row.stream;
        List<String> cells = new ArrayList<>(10);
        if (withFile) {
            cells.add(TextTable.printable(row.file == null ? "" : row.file));
        }
        cells.add(end(stream.sourceAddress(), stream.sourcePort()));
        cells.add(end(stream.destinationAddress(), stream.destinationPort()));
        cells.add(HumanText.bytes(stream.length()));
        cells.add(Integer.toString(stream.gaps()));
        cells.add(HumanText.bytes(stream.gapBytes()));
        cells.add(HumanText.bytes(stream.duplicateBytes()));
        cells.add(HumanText.bytes(stream.conflictBytes()));
        cells.add(stream.complete() ? "yes" : "no");
        cells.add(stream.sha256());
        return cells.toArray(String[]::new);
    }

    private static String end(String address, int port) {
        return address.indexOf(':') >= 0 ? '[' + address + "]:" + port : address + ':' + port;
    }
}
