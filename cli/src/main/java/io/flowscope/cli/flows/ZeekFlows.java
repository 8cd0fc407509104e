package io.flowscope.cli.flows;

import io.flowscope.cli.output.AddressText;
import io.flowscope.cli.output.ByteSink;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Zeek's conn.log: tab-separated, under the headings that tell its readers how to take it apart. A
 * dash stands for what is not known, such as tunnel parents. Opened and closed at the packets'
 * time, as Zeek does with a file.
 */
public final class ZeekFlows implements FlowOutput {
    private static final String FIELDS =
            """
            ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	proto	service	duration	orig_bytes	\
            resp_bytes	conn_state	local_orig	local_resp	missed_bytes	history	orig_pkts	\
            orig_ip_bytes	resp_pkts	resp_ip_bytes	tunnel_parents	ip_proto
            """;
    private static final String TYPES =
            """
            time	string	addr	port	addr	port	enum	string	interval	count	\
            count	string	bool	bool	count	string	count	\
            count	count	count	set[string]	count
            """;
    private static final DateTimeFormatter OPENED =
            DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final String UNSET = "-";

    private final ByteSink out;
    private final boolean withFile;
    private final AddressText addresses = new AddressText();
    private boolean opened;
    private long lastNanos;

    /**
     * Writes to the sink.
     *
     * @param withFile whether the first column is the input's name
     */
    public ZeekFlows(ByteSink out, boolean withFile) {
        this.out = out;
        this.withFile = withFile;
    }

    private void open(long nanos) {
        opened = true;
        out.put("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n");
        out.put("#unset_field\t-\n#path\tconn\n#open\t").put(time(nanos)).put('\n');
        out.put("#fields\t").put(withFile ? "file\t" : "").put(FIELDS);
        out.put("#types\t").put(withFile ? "string\t" : "").put(TYPES);
    }

    private static String time(long nanos) {
        return OPENED.format(Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L)));
    }

    @Override
    public void write(FlowRow row) {
        if (!opened) {
            open(row.startedNanos);
        }
        lastNanos = Math.max(lastNanos, row.lastSeenNanos);
        if (withFile) {
            text(row.file == null ? "" : row.file);
            out.put('\t');
        }
        out.putSecondsMicros(row.startedNanos).put('\t').put(ZeekFields.uid(row)).put('\t');
        address(row.ipVersion, row.sourceHigh, row.sourceLow);
        number(ZeekFields.sourcePort(row));
        out.put('\t');
        address(row.ipVersion, row.destinationHigh, row.destinationLow);
        number(ZeekFields.destinationPort(row));
        word(ZeekFields.protocol(row));
        word(row.service == null ? UNSET : row.service);
        boolean lasted = row.durationNanos() >= 1_000;
        out.put('\t');
        if (lasted) {
            out.putSecondsMicros(row.durationNanos());
            number(row.initiator.payload);
            number(row.responder.payload);
        } else {
            out.put("-\t-\t-");
        }
        word(ZeekConnection.state(row));
        flag(ZeekFields.isLocal(row.ipVersion, row.sourceHigh, row.sourceLow));
        flag(ZeekFields.isLocal(row.ipVersion, row.destinationHigh, row.destinationLow));
        word(ZeekFields.nothingMissed(row) ? "0" : UNSET);
        String history = ZeekFields.history(row);
        word(history.isEmpty() ? UNSET : history);
        number(row.initiator.packets);
        ipBytes(row.initiator);
        number(row.responder.packets);
        ipBytes(row.responder);
        word(UNSET);
        number(row.protocol);
        out.put('\n');
    }

    @Override
    public void end() {
        if (!opened) {
            open(0);
        }
        out.put("#close\t").put(time(lastNanos)).put('\n');
    }

    private void ipBytes(FlowRow.SideCounts side) {
        if (side.ipBytes < 0) {
            word(UNSET);
        } else {
            number(side.ipBytes);
        }
    }

    private void number(long value) {
        out.put('\t').put(value);
    }

    private void word(String word) {
        out.put('\t').put(word);
    }

    private void flag(boolean flag) {
        out.put('\t').put(flag ? 'T' : 'F');
    }

    private void address(int version, long high, long low) {
        addresses.put(out, version, high, low);
    }

    /** What the format gives a meaning to is written as its code. */
    private void text(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '\\' || c == 0x7f) {
                escaped.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        out.put(escaped.isEmpty() ? "(empty)" : escaped.toString());
    }
}
