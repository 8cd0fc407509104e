package io.flowscope.cli.flows;

import static io.flowscope.cli.output.JsonLines.name;

import io.flowscope.cli.output.AddressText;
import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.output.JsonLines;

/** One JSON object per line; the names and their order are a contract. */
public final class NdjsonFlows implements FlowOutput {
    private static final byte[] FILE = name("file");
    private static final byte[] PROTO = name("proto");
    private static final byte[] SRC = name("src");
    private static final byte[] SRC_PORT = name("src_port");
    private static final byte[] DST = name("dst");
    private static final byte[] DST_PORT = name("dst_port");
    private static final byte[] PACKETS_INITIATOR = name("packets_initiator");
    private static final byte[] PACKETS_RESPONDER = name("packets_responder");
    private static final byte[] BYTES_INITIATOR = name("bytes_initiator");
    private static final byte[] BYTES_RESPONDER = name("bytes_responder");
    private static final byte[] PAYLOAD_INITIATOR = name("payload_initiator");
    private static final byte[] PAYLOAD_RESPONDER = name("payload_responder");
    private static final byte[] STARTED = name("started");
    private static final byte[] LAST_SEEN = name("last_seen");
    private static final byte[] REASON = name("reason");
    private static final byte[] STATE = name("state");
    private static final byte[] HISTORY = name("history");
    private static final byte[] RETRANSMITS_INITIATOR = name("retransmits_initiator");
    private static final byte[] RETRANSMITS_RESPONDER = name("retransmits_responder");
    private static final byte[] RTT_MIN_US = name("rtt_min_us");
    private static final byte[] RTT_MEAN_US = name("rtt_mean_us");
    private static final byte[] COMMUNITY_ID = name("community_id");
    private static final byte[] VLAN = name("vlan");
    private static final byte[] TUNNEL = name("tunnel");

    private final ByteSink out;
    private final JsonLines json;
    private final AddressText addresses = new AddressText();
    private final FlowIdentity identity = new FlowIdentity();

    /** Writes to the sink. */
    public NdjsonFlows(ByteSink out) {
        this.out = out;
        this.json = new JsonLines(out);
    }

    @Override
    public void write(FlowRow row) {
        json.begin();
        if (row.file != null) {
            json.text(FILE, row.file);
        }
        json.plain(PROTO, Protocols.name(row.protocol));
        address(SRC, row.ipVersion, row.sourceHigh, row.sourceLow);
        if (row.hasPorts()) {
            json.number(SRC_PORT, row.sourcePort);
        }
        address(DST, row.ipVersion, row.destinationHigh, row.destinationLow);
        if (row.hasPorts()) {
            json.number(DST_PORT, row.destinationPort);
        }
        json.number(PACKETS_INITIATOR, row.initiator.packets)
                .number(PACKETS_RESPONDER, row.responder.packets)
                .number(BYTES_INITIATOR, row.initiator.bytes)
                .number(BYTES_RESPONDER, row.responder.bytes)
                .number(PAYLOAD_INITIATOR, row.initiator.payload)
                .number(PAYLOAD_RESPONDER, row.responder.payload);
        time(STARTED, row.startedNanos);
        time(LAST_SEEN, row.lastSeenNanos);
        json.plain(REASON, row.reason.label())
                .plain(STATE, row.state.label())
                .plain(HISTORY, row.history)
                .number(RETRANSMITS_INITIATOR, row.initiator.retransmits)
                .number(RETRANSMITS_RESPONDER, row.responder.retransmits);
        if (row.roundTrips > 0) {
            json.number(RTT_MIN_US, row.roundTripMinNanos / 1_000)
                    .number(RTT_MEAN_US, row.roundTripMeanNanos() / 1_000);
        }
        json.plain(COMMUNITY_ID, identity.communityId(row));
        if (row.vlan >= 0) {
            json.number(VLAN, row.vlan);
        }
        if (row.tunnel != null) {
            json.plain(TUNNEL, FlowIdentity.label(row.tunnel));
        }
        json.endLine();
    }

    private void address(byte[] field, int version, long high, long low) {
        json.field(field).put('"');
        addresses.put(out, version, high, low);
        out.put('"');
    }

    private void time(byte[] field, long nanos) {
        json.field(field).put('"').putSeconds(nanos).put('"');
    }
}
