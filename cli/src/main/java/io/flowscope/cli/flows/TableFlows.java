package io.flowscope.cli.flows;

import io.flowscope.cli.output.AddressText;
import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.output.HumanText;
import io.flowscope.cli.output.TextTable;

import java.util.ArrayList;
import java.util.List;

/** Rows for people. Holds all that it is given until the end, because columns must fit. */
public final class TableFlows implements FlowOutput {
    private final ByteSink out;
    private final boolean withFile;
    private final boolean colors;
    private final TextTable table = new TextTable();

    /**
     * Writes to the sink.
     *
     * @param withFile whether the first column is the input's name
     * @param colors whether the terminal shows them
     */
    public TableFlows(ByteSink out, boolean withFile, boolean colors) {
        this.out = out;
        this.withFile = withFile;
        this.colors = colors;
        if (withFile) {
            table.column("FILE");
        }
        table.column("PROTO")
                .column("INITIATOR")
                .column("RESPONDER")
                .numbers("PACKETS")
                .numbers("BACK")
                .numbers("BYTES")
                .numbers("BACK")
                .numbers("DURATION")
                .numbers("RTT")
                .column("STATE")
                .column("HISTORY")
                .column("END");
    }

    @Override
    public void write(FlowRow row) {
        List<String> cells = new ArrayList<>(13);
        if (withFile) {
            cells.add(TextTable.printable(row.file == null ? "" : row.file));
        }
        cells.add(Protocols.name(row.protocol));
        cells.add(end(row, row.sourceHigh, row.sourceLow, row.sourcePort));
        cells.add(end(row, row.destinationHigh, row.destinationLow, row.destinationPort));
        cells.add(Long.toString(row.initiator.packets));
        cells.add(Long.toString(row.responder.packets));
        cells.add(HumanText.bytes(row.initiator.bytes));
        cells.add(HumanText.bytes(row.responder.bytes));
        cells.add(HumanText.duration(row.durationNanos()));
        cells.add(row.roundTrips == 0 ? "" : HumanText.duration(row.roundTripMeanNanos()));
        cells.add(row.protocol == Protocols.TCP ? row.state.label() : "");
        cells.add(row.history);
        cells.add(row.reason.label());
        table.row(cells.toArray(String[]::new));
    }

    @Override
    public void end() {
        table.writeTo(out, colors);
    }

    private static String end(FlowRow row, long high, long low, int port) {
        String address = AddressText.of(row.ipVersion, high, low);
        if (!row.hasPorts()) {
            return address;
        }
        return row.ipVersion == 6 ? '[' + address + "]:" + port : address + ':' + port;
    }
}
