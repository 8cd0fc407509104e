package io.flowscope.tracker.session.dns;

/**
 * What is asked.
 *
 * @param name the name
 * @param type the record type, 1 for A
 * @param dnsClass the class, 1 for the Internet; in multicast DNS the top bit asks for a unicast
 *     answer
 */
public record DnsQuestion(DnsName name, int type, int dnsClass) {
    /** The type's name, such as {@code AAAA}, or {@code TYPE65534}. */
    public String typeName() {
        return DnsNames.type(type);
    }
}
