package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionProtocol;

import java.util.HashSet;
import java.util.Set;

/**
 * TLS on the usual TCP ports, wherever a stream begins with a hello, and later in the stream on the
 * ports of protocols that change over to it: mail, directories, databases, chat, proxies.
 */
public final class TlsProtocol implements SessionProtocol<TlsMessage> {
    private static final Set<Integer> DIRECT =
            Set.of(443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 8443);

    /**
     * FTP, SMTP (and 587), POP3, NNTP, IMAP, LDAP, SOCKS, MySQL, Sieve, XMPP (5222, 5269),
     * PostgreSQL.
     */
    private static final Set<Integer> LATE =
            Set.of(21, 25, 110, 119, 143, 389, 587, 1080, 3306, 4190, 5222, 5269, 5432);

    private static final Set<Integer> PORTS = union();

    private final TlsOptions options;

    /** With the default options. */
    public TlsProtocol() {
        this(TlsOptions.DEFAULT);
    }

    /** With options. */
    public TlsProtocol(TlsOptions options) {
        this.options = options;
    }

    private static Set<Integer> union() {
        Set<Integer> all = new HashSet<>(DIRECT);
        all.addAll(LATE);
        return Set.copyOf(all);
    }

    /** Whether another protocol comes before TLS on the port that counts. */
    static boolean isLate(Ports ports) {
        return LATE.contains(ports.responder())
                || (LATE.contains(ports.initiator()) && !DIRECT.contains(ports.responder()));
    }

    @Override
    public String name() {
        return "tls";
    }

    @Override
    public Set<Integer> tcpPorts() {
        return PORTS;
    }

    @Override
    public ParserFactory<TlsMessage> newFactory() {
        return new TlsFactory(options);
    }
}
