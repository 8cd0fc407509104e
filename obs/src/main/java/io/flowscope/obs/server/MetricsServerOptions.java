package io.flowscope.obs.server;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;

/**
 * Where the endpoint listens and whom it answers.
 *
 * @param address bound address; loopback unless remote access is allowed
 * @param remoteAllowed whether an address that is not loopback is accepted; it then needs
 *     credentials or TLS with client certificates
 * @param credentials asked of every scraper; null for none
 * @param tls serves TLS with this context; null for plain text
 * @param clientCertificates whether TLS demands one
 * @param requestsPerSecond sustained, per caller
 * @param burst requests of one caller at once
 */
public record MetricsServerOptions(
        InetSocketAddress address,
        boolean remoteAllowed,
        @Nullable Credentials credentials,
        @Nullable SSLContext tls,
        boolean clientCertificates,
        double requestsPerSecond,
        int burst) {
    /** The port that the Prometheus project's list of exporters leaves to JVM-wide exporters. */
    public static final int DEFAULT_PORT = 9464;

    /** Checks all at once; every mistake is in the message. */
    public MetricsServerOptions {
        List<String> mistakes = new ArrayList<>();
        if (address.isUnresolved()) {
            mistakes.add("address: unknown host " + address.getHostString());
        } else if (!address.getAddress().isLoopbackAddress()) {
            if (!remoteAllowed) {
                mistakes.add(
                        "address: "
                                + address.getAddress().getHostAddress()
                                + " is not loopback; allow remote access explicitly, with"
                                + " credentials or TLS client certificates");
            } else if (credentials == null && !(tls != null && clientCertificates)) {
                mistakes.add(
                        "credentials: remote access needs a bearer token, a user and password, or"
                                + " TLS client certificates");
            }
        }
        if (clientCertificates && tls == null) {
            mistakes.add("clientCertificates: need tls");
        }
        if (!(requestsPerSecond > 0) || Double.isInfinite(requestsPerSecond)) {
            mistakes.add("requestsPerSecond: must be positive, was " + requestsPerSecond);
        }
        if (burst < 1) {
            mistakes.add("burst: must be at least 1, was " + burst);
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
    }

    /** Loopback, port 9464, no credentials, 10 requests a second with bursts of 20. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; {@link #build()} checks them. */
    public static final class Builder {
        private InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), DEFAULT_PORT);
        private boolean remoteAllowed;
        private @Nullable Credentials credentials;
        private @Nullable SSLContext tls;
        private boolean clientCertificates;
        private double requestsPerSecond = 10;
        private int burst = 20;

        private Builder() {}

        /** Where to listen; port 0 takes a free one. */
        public Builder address(InetSocketAddress address) {
            this.address = address;
            return this;
        }

        /**
         * Where to listen, as {@code host:port}, {@code [v6]:port} or {@code :port} for loopback.
         * An IPv4 address may have brackets as well, for those who write down a port behind any.
         */
        public Builder address(String hostAndPort) {
            int colon = hostAndPort.lastIndexOf(':');
            String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            } else if (host.indexOf(':') >= 0) {
                throw new IllegalArgumentException(
                        "address: write an IPv6 address in brackets, as [::1]:9464, was "
                                + hostAndPort);
            }
            int port =
                    colon < 0 ? DEFAULT_PORT : port(hostAndPort, hostAndPort.substring(colon + 1));
            return address(
                    host.isEmpty()
                            ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                            : new InetSocketAddress(host, port));
        }

        private static int port(String hostAndPort, String text) {
            if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535) {
                throw new IllegalArgumentException(
                        "address: host:port with a port of 0 to 65535, was " + hostAndPort);
            }
            return Integer.parseInt(text);
        }

        /** Accepts addresses that are not loopback; needs credentials or client certificates. */
        public Builder allowRemote(boolean allowed) {
            this.remoteAllowed = allowed;
            return this;
        }

        /** What scrapers have to present. */
        public Builder credentials(@Nullable Credentials credentials) {
            this.credentials = credentials;
            return this;
        }

        /** Serves TLS. */
        public Builder tls(SSLContext context, boolean demandClientCertificate) {
            this.tls = context;
            this.clientCertificates = demandClientCertificate;
            return this;
        }

        /** How often one caller may ask. */
        public Builder rate(double requestsPerSecond, int burst) {
            this.requestsPerSecond = requestsPerSecond;
            this.burst = burst;
            return this;
        }

        /** The options, checked. */
        public MetricsServerOptions build() {
            return new MetricsServerOptions(
                    address,
                    remoteAllowed,
                    credentials,
                    tls,
                    clientCertificates,
                    requestsPerSecond,
                    burst);
        }
    }
}
