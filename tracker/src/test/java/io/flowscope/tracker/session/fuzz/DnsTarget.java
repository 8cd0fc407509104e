package io.flowscope.tracker.session.fuzz;

import io.flowscope.tracker.session.Datagrams;
import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.dns.DnsMessage;
import io.flowscope.tracker.session.dns.DnsProtocol;

import java.util.Arrays;
import java.util.Objects;

/** DNS: the first byte chooses stream or datagram. */
public final class DnsTarget {
    private static final Ports PORTS = new Ports(40000, 53);

    private DnsTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(data, 1, data.length);
        if ((data[0] & 1) == 0) {
            StreamTarget.run(
                    rest,
                    () ->
                            Objects.requireNonNull(
                                    new DnsProtocol().newFactory().newStreamParser(PORTS)),
                    2 * 65_537);
        } else {
            datagram(rest);
        }
    }

    private static void datagram(byte[] rest) {
        try (ParserFactory<DnsMessage> factory = new DnsProtocol().newFactory()) {
            Datagrams<DnsMessage> flow =
                    new Datagrams<>(Objects.requireNonNull(factory.newDatagramParser(PORTS)));
            if (flow.client(1, rest) == ParserStatus.CONTINUE) {
                flow.server(2, rest);
            }
            flow.end(3);
            flow.take().forEach(Touch::all);
        }
    }
}
