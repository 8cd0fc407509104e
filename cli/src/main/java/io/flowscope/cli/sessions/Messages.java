package io.flowscope.cli.sessions;

import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.dns.DnsMessage;
import io.flowscope.tracker.session.dns.DnsQuery;
import io.flowscope.tracker.session.dns.DnsResponse;
import io.flowscope.tracker.session.dns.DnsUnanswered;
import io.flowscope.tracker.session.http.HttpExchange;
import io.flowscope.tracker.session.tls.TlsHandshake;

import org.jspecify.annotations.Nullable;

/** Which messages are printed. Whatever was said appears in one line, and not in a second one. */
final class Messages {
    private static final int MULTICAST_DNS = 5353;
    private static final int LINK_LOCAL_RESOLUTION = 5355;

    private Messages() {}

    /**
     * The protocol under which a message is printed; null if it is not, because a line about both
     * sides follows: a query's response, a request's exchange, a hello's handshake.
     */
    static @Nullable String protocol(Object message, Ports ports) {
        return switch (message) {
            case DnsMessage dns -> isPrinted(dns, ports) ? "dns" : null;
            case HttpExchange exchange -> "http";
            case TlsHandshake handshake -> "tls";
            default -> null;
        };
    }

    private static boolean isPrinted(DnsMessage message, Ports ports) {
        return switch (message) {
            case DnsResponse response -> true;
            case DnsUnanswered unanswered -> true;
            // Multicast queries are not matched with responses.
            case DnsQuery query ->
                    ports.either(MULTICAST_DNS) || ports.either(LINK_LOCAL_RESOLUTION);
        };
    }
}
