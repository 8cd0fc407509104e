package io.flowscope.tracker.session.dns;

import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.SessionProtocol;

import java.util.Set;

/** DNS on TCP and UDP port 53, multicast DNS on UDP 5353, LLMNR on UDP 5355. */
public final class DnsProtocol implements SessionProtocol<DnsMessage> {
    private final DnsOptions options;

    /** With the default options. */
    public DnsProtocol() {
        this(DnsOptions.DEFAULT);
    }

    /** With options. */
    public DnsProtocol(DnsOptions options) {
        this.options = options;
    }

    @Override
    public String name() {
        return "dns";
    }

    @Override
    public Set<Integer> tcpPorts() {
        return Set.of(53);
    }

    @Override
    public Set<Integer> udpPorts() {
        return Set.of(53, 5353, 5355);
    }

    @Override
    public ParserFactory<DnsMessage> newFactory() {
        return new DnsFactory(options);
    }
}
