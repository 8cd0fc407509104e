package io.flowscope.tracker.session.fuzz;

import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.tls.TlsOptions;
import io.flowscope.tracker.session.tls.TlsProtocol;

import java.util.Objects;

/** TLS behind another protocol, with a small limit so that it is reached. */
public final class LateTlsTarget {
    private static final TlsProtocol PROTOCOL = new TlsProtocol(new TlsOptions(2048, true));

    private LateTlsTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        StreamTarget.run(
                data,
                () ->
                        Objects.requireNonNull(
                                PROTOCOL.newFactory().newStreamParser(new Ports(40000, 25))),
                2 * (4098 + 2048));
    }
}
