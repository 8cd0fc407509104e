package io.flowscope.tracker.session.dns;

import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.buffer.AddressText;

import java.util.List;

/**
 * What a record says. A record whose data does not have its type's form, and one of a type that has
 * no form here, is {@link Raw}.
 */
public sealed interface DnsData {
    /** The data as a zone file writes it. */
    String text();

    /**
     * A or AAAA.
     *
     * @param bytes 4 or 16 of them
     */
    record Address(ByteText bytes) implements DnsData {
        @Override
        public String text() {
            return AddressText.of(bytes);
        }
    }

    /**
     * CNAME, NS, PTR, DNAME.
     *
     * @param name that the record points to
     */
    record Name(DnsName name) implements DnsData {
        @Override
        public String text() {
            return name.toString();
        }
    }

    /**
     * MX.
     *
     * @param preference lower is tried first
     * @param exchange the mail server
     */
    record MailExchange(int preference, DnsName exchange) implements DnsData {
        @Override
        public String text() {
            return preference + " " + exchange;
        }
    }

    /**
     * TXT and SPF.
     *
     * @param strings each at most 255 bytes
     */
    record Text(List<ByteText> strings) implements DnsData {
        @Override
        public String text() {
            return DataText.quoted(strings);
        }
    }

    /**
     * SOA.
     *
     * @param primary the zone's first server
     * @param mailbox who is responsible, with a dot for the at sign
     * @param serial the zone's version
     * @param refreshSeconds how often secondaries ask
     * @param retrySeconds how soon they ask again
     * @param expireSeconds how long they may serve unasked
     * @param minimumSeconds how long a denial may be kept
     */
    record StartOfAuthority(
            DnsName primary,
            DnsName mailbox,
            long serial,
            long refreshSeconds,
            long retrySeconds,
            long expireSeconds,
            long minimumSeconds)
            implements DnsData {
        @Override
        public String text() {
            return primary
                    + " "
                    + mailbox
                    + " "
                    + serial
                    + " "
                    + refreshSeconds
                    + " "
                    + retrySeconds
                    + " "
                    + expireSeconds
                    + " "
                    + minimumSeconds;
        }
    }

    /**
     * SRV.
     *
     * @param priority lower is tried first
     * @param weight share among equals
     * @param port of the service
     * @param target the host
     */
    record Service(int priority, int weight, int port, DnsName target) implements DnsData {
        @Override
        public String text() {
            return priority + " " + weight + " " + port + " " + target;
        }
    }

    /**
     * HTTPS and SVCB.
     *
     * @param priority 0 for an alias
     * @param target the host; the root stands for the owner's name
     * @param parameters in the order sent
     */
    record ServiceBinding(int priority, DnsName target, List<Parameter> parameters)
            implements DnsData {
        /**
         * One service parameter.
         *
         * @param key such as 1 for ALPN
         * @param value as sent
         */
        public record Parameter(int key, ByteText value) {
            /** The parameter as a zone file writes it, such as {@code alpn="h2,h3"}. */
            public String text() {
                return DataText.parameter(key, value);
            }
        }

        @Override
        public String text() {
            StringBuilder text = new StringBuilder().append(priority).append(' ').append(target);
            for (Parameter parameter : parameters) {
                text.append(' ').append(parameter.text());
            }
            return text.toString();
        }
    }

    /**
     * NAPTR.
     *
     * @param order lower first
     * @param preference lower first among equal orders
     * @param flags such as {@code S}
     * @param services such as {@code SIP+D2U}
     * @param pattern the rewrite rule
     * @param replacement the next name
     */
    record NamingAuthority(
            int order,
            int preference,
            ByteText flags,
            ByteText services,
            ByteText pattern,
            DnsName replacement)
            implements DnsData {
        @Override
        public String text() {
            return order
                    + " "
                    + preference
                    + " "
                    + DataText.quoted(flags)
                    + " "
                    + DataText.quoted(services)
                    + " "
                    + DataText.quoted(pattern)
                    + " "
                    + replacement;
        }
    }

    /**
     * Anything else.
     *
     * @param bytes as sent; compressed names in them are not resolved
     */
    record Raw(ByteText bytes) implements DnsData {
        @Override
        public String text() {
            return "\\# " + bytes.length() + (bytes.isEmpty() ? "" : " " + bytes.toHex());
        }
    }
}
