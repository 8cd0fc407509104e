package io.flowscope.tracker.session.fuzz;

import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.tls.TlsOptions;
import io.flowscope.tracker.session.tls.TlsProtocol;

import java.util.Objects;

/** TLS, with a small limit so that it is reached. */
public final class TlsTarget {
    private static final TlsProtocol PROTOCOL = new TlsProtocol(new TlsOptions(2048, true));

    private TlsTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        StreamTarget.run(
                data,
                () ->
                        Objects.requireNonNull(
                                PROTOCOL.newFactory().newStreamParser(new Ports(40000, 443))),
                2 * (4098 + 2048));
    }
}
