package io.flowscope.cli.flows;

import io.flowscope.cli.output.AddressText;
import io.flowscope.cli.output.ByteSink;

/**
 * Comma-separated values as RFC 4180 has them, with a heading; the columns are the fields of the
 * JSON lines in the same order, and what is absent there is empty here.
 */
public final class CsvFlows implements FlowOutput {
    private static final String HEADING =
            "proto,src,src_port,dst,dst_port,packets_initiator,packets_responder,bytes_initiator,"
                    + "bytes_responder,payload_initiator,payload_responder,started,last_seen,"
                    + "reason,state,history,retransmits_initiator,retransmits_responder,"
                    + "rtt_min_us,rtt_mean_us,community_id,vlan,tunnel\n";

    private final ByteSink out;
    private final boolean withFile;
    private final AddressText addresses = new AddressText();
    private final FlowIdentity identity = new FlowIdentity();

    /**
     * Writes to the sink.
     *
     * @param withFile whether the first column is the input's name
     */
    public CsvFlows(ByteSink out, boolean withFile) {
        this.out = out;
        this.withFile = withFile;
    }

    @Override
    public void begin() {
        out.put(withFile ? "file," : "").put(HEADING);
    }

    @Override
    public void write(FlowRow row) {
        if (withFile) {
            quoted(row.file == null ? "" : row.file);
            out.put(',');
        }
        boolean ports = row.hasPorts();
        out.put(Protocols.name(row.protocol)).put(',');
        address(row.ipVersion, row.sourceHigh, row.sourceLow);
        number(ports, row.sourcePort);
        out.put(',');
        address(row.ipVersion, row.destinationHigh, row.destinationLow);
        number(ports, row.destinationPort);
        number(true, row.initiator.packets);
        number(true, row.responder.packets);
        number(true, row.initiator.bytes);
        number(true, row.responder.bytes);
        number(true, row.initiator.payload);
        number(true, row.responder.payload);
        out.put(',').putSeconds(row.startedNanos);
        out.put(',').putSeconds(row.lastSeenNanos);
        out.put(',').put(row.reason.label()).put(',').put(row.state.label());
        out.put(',').put(row.history);
        number(true, row.initiator.retransmits);
        number(true, row.responder.retransmits);
        number(row.roundTrips > 0, row.roundTripMinNanos / 1_000);
        number(row.roundTrips > 0, row.roundTripMeanNanos() / 1_000);
        out.put(',').put(identity.communityId(row));
        number(row.vlan >= 0, row.vlan);
        out.put(',').put(row.tunnel == null ? "" : FlowIdentity.label(row.tunnel)).put('\n');
    }

    private void number(boolean known, long value) {
        out.put(',');
        if (known) {
            out.put(value);
        }
    }

    private void address(int version, long high, long low) {
        addresses.put(out, version, high, low);
    }

    private void quoted(String text) {
        boolean needed = text.chars().anyMatch(c -> c == ',' || c == '"' || c < ' ');
        out.put(needed ? '"' + text.replace("\"", "\"\"") + '"' : text);
    }
}
