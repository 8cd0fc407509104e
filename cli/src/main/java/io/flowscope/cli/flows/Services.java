package io.flowscope.cli.flows;

import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.Transport;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.session.dns.DnsMessage;
import io.flowscope.tracker.session.http.HttpMessage;
import io.flowscope.tracker.session.http.HttpOptions;
import io.flowscope.tracker.session.http.HttpProtocol;
import io.flowscope.tracker.session.quic.QuicMessage;
import io.flowscope.tracker.session.tls.TlsMessage;

import org.jspecify.annotations.Nullable;

/** What Zeek calls a connection's service: here the protocol whose messages were read in it. */
public final class Services {
    private Services() {}

    /** Options with which a tracker reads messages; of bodies nothing is kept. */
    public static TrackerOptions recognised(TrackerOptions options) {
        HttpOptions http = HttpOptions.builder().keepBodyBytes(0).build();
        return options.toBuilder()
                .sessions(SessionOptions.builder().protocol(new HttpProtocol(http)).build())
                .build();
    }

    /** Notes the service of a message's flow with it; of several the first counts. */
    public static void attach(FlowView flow, Object message) {
        if (flow.attachment() == null) {
            flow.attach(name(message, flow.transport()));
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
}
