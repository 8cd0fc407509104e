package io.flowscope.cli.flows;

import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.Transport;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.session.dns.DnsMessage;
import io.flowscope.tracker.session.http.HttpMessage;
import io.flowscope.tracker.session.http.HttpOptions;
import io.flowscope.tracker.session.http.HttpProtocol;
import io.flowscope.tracker.session.quic.QuicMessage;
import io.flowscope.tracker.session.tls.TlsMessage;

import org.jspecify.annotations.Nullable;

/**
 * What some formats say of a flow and a flow's record does not: the service, which is the protocol
 * whose messages were read in it, the bytes of its IP packets and their TCP flags. Attached to the
 * flow.
 */
public final class FlowNotes {
    /** Null as long as no message was read. */
    private @Nullable String service;

    private final long[] packets = new long[2];
    private final long[] ipBytes = new long[2];
    private final int[] tcpFlags = new int[2];

    private FlowNotes() {}

    /** Options with which a tracker reads messages; of bodies nothing is kept. */
    public static TrackerOptions recognised(TrackerOptions options) {
        HttpOptions http = HttpOptions.builder().keepBodyBytes(0).build();
        return options.toBuilder()
                .sessions(SessionOptions.builder().protocol(new HttpProtocol(http)).build())
                .build();
    }

    private static FlowNotes of(FlowView flow) {
        if (flow.attachment() instanceof FlowNotes notes) {
            return notes;
        }
        FlowNotes notes = new FlowNotes();
        flow.attach(notes);
        return notes;
    }

    /** Notes the service of a message's flow; of several the first counts. */
    public static void message(FlowView flow, Object message) {
        FlowNotes notes = of(flow);
        if (notes.service == null) {
            notes.service = name(message, flow.transport());
        }
    }

    private static @Nullable String name(Object message, Transport transport) {
        return switch (message) {
            case DnsMessage dns -> "dns";
            case HttpMessage http -> "http";
            case QuicMessage quic -> "quic";
            case TlsMessage tls -> transport == Transport.UDP ? "quic" : "ssl";
            default -> null;
        };
    }

    /** Notes the length that the IP header of a flow's packet states, and its TCP flags. */
    public static void packet(FlowView flow, Side side, PacketCursor packet) {
        FlowNotes notes = of(flow);
        notes.packets[side.ordinal()]++;
        notes.ipBytes[side.ordinal()] += packet.ipTotalLength();
        notes.tcpFlags[side.ordinal()] |= packet.tcpFlags();
    }

    /** Null if it is not known, or nobody has asked. */
    static @Nullable String service(FlowView flow) {
        return flow.attachment() instanceof FlowNotes notes ? notes.service : null;
    }

    /**
     * IP bytes of a side; -1 if nobody has asked, or if some of its packets were not seen one by
     * one, which is so with fragments that came before their datagram's first.
     */
    static long ipBytes(FlowView flow, Side side) {
        if (flow.attachment() instanceof FlowNotes notes
                && notes.packets[side.ordinal()] == flow.packets(side)) {
            return notes.ipBytes[side.ordinal()];
        }
        return -1;
    }

    /** All TCP flags that a side has set; 0 where {@link #ipBytes} does not know either. */
    static int tcpFlags(FlowView flow, Side side) {
        return flow.attachment() instanceof FlowNotes notes ? notes.tcpFlags[side.ordinal()] : 0;
    }
}
