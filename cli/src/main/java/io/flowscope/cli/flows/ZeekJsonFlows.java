package io.flowscope.cli.flows;

import static io.flowscope.cli.output.JsonLines.name;

import io.flowscope.cli.output.AddressText;
import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.output.JsonLines;

/** Zeek's conn.log as JSON lines: what is not known is absent. */
public final class ZeekJsonFlows implements FlowOutput {
    private static final byte[] FILE = name("file");
    private static final byte[] TS = name("ts");
    private static final byte[] UID = name("uid");
    private static final byte[] ORIG_H = name("id.orig_h");
    private static final byte[] ORIG_P = name("id.orig_p");
    private static final byte[] RESP_H = name("id.resp_h");
    private static final byte[] RESP_P = name("id.resp_p");
    private static final byte[] PROTO = name("proto");
    private static final byte[] SERVICE = name("service");
    private static final byte[] DURATION = name("duration");
    private static final byte[] ORIG_BYTES = name("orig_bytes");
    private static final byte[] RESP_BYTES = name("resp_bytes");
    private static final byte[] CONN_STATE = name("conn_state");
    private static final byte[] LOCAL_ORIG = name("local_orig");
    private static final byte[] LOCAL_RESP = name("local_resp");
    private static final byte[] MISSED_BYTES = name("missed_bytes");
    private static final byte[] HISTORY = name("history");
    private static final byte[] ORIG_PKTS = name("orig_pkts");
    private static final byte[] ORIG_IP_BYTES = name("orig_ip_bytes");
    private static final byte[] RESP_PKTS = name("resp_pkts");
    private static final byte[] RESP_IP_BYTES = name("resp_ip_bytes");
    private static final byte[] IP_PROTO = name("ip_proto");

    private final ByteSink out;
    private final JsonLines json;
    private final AddressText addresses = new AddressText();

    /** Writes to the sink. */
    public ZeekJsonFlows(ByteSink out) {
        this.out = out;
        this.json = new JsonLines(out);
    }

    @Override
    public void write(FlowRow row) {
        json.begin();
        if (row.file != null) {
            json.text(FILE, row.file);
        }
        json.field(TS).putSecondsMicros(row.startedNanos);
        json.plain(UID, ZeekFields.uid(row));
        address(ORIG_H, row.ipVersion, row.sourceHigh, row.sourceLow);
        json.number(ORIG_P, ZeekFields.sourcePort(row));
        address(RESP_H, row.ipVersion, row.destinationHigh, row.destinationLow);
        json.number(RESP_P, ZeekFields.destinationPort(row));
        json.plain(PROTO, ZeekFields.protocol(row)).textIfPresent(SERVICE, row.service);
        if (row.durationNanos() >= 1_000) {
            json.field(DURATION).putSecondsMicros(row.durationNanos());
            json.number(ORIG_BYTES, row.initiator.payload)
                    .number(RESP_BYTES, row.responder.payload);
        }
        json.plain(CONN_STATE, ZeekConnection.state(row))
                .flag(LOCAL_ORIG, ZeekFields.isLocal(row.ipVersion, row.sourceHigh, row.sourceLow))
                .flag(
                        LOCAL_RESP,
                        ZeekFields.isLocal(row.ipVersion, row.destinationHigh, row.destinationLow));
        if (ZeekFields.nothingMissed(row)) {
            json.number(MISSED_BYTES, 0);
        }
        String history = ZeekFields.history(row);
        json.textIfPresent(HISTORY, history.isEmpty() ? null : history)
                .number(ORIG_PKTS, row.initiator.packets);
        ipBytes(ORIG_IP_BYTES, row.initiator);
        json.number(RESP_PKTS, row.responder.packets);
        ipBytes(RESP_IP_BYTES, row.responder);
        json.number(IP_PROTO, row.protocol).endLine();
    }

    private void ipBytes(byte[] field, FlowRow.SideCounts side) {
        if (side.ipBytes >= 0) {
            json.number(field, side.ipBytes);
        }
    }

    private void address(byte[] field, int version, long high, long low) {
        json.field(field).put('"');
        addresses.put(out, version, high, low);
        out.put('"');
    }
}
