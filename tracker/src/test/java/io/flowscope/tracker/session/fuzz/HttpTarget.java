package io.flowscope.tracker.session.fuzz;

import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.http.HttpOptions;
import io.flowscope.tracker.session.http.HttpProtocol;

import java.util.Objects;

/** HTTP, with small limits so that they are reached. */
public final class HttpTarget {
    private static final HttpProtocol PROTOCOL =
            new HttpProtocol(
                    HttpOptions.builder()
                            .maxHeadBytes(512)
                            .maxHeaders(4)
                            .keepBodyBytes(300)
                            .hashBodies(true)
                            .maxPipelined(4)
                            .build());

    private HttpTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        StreamTarget.run(
                data,
                () ->
                        Objects.requireNonNull(
                                PROTOCOL.newFactory().newStreamParser(new Ports(40000, 80))),
                2 * (512 + 300));
    }
}
