package io.flowscope.tracker.session.dns;

/**
 * A resource record.
 *
 * @param name the owner
 * @param type the record type
 * @param dnsClass the class; in multicast DNS the top bit flushes caches
 * @param ttlSeconds how long it may be kept
 * @param data what it says
 */
public record DnsRecord(DnsName name, int type, int dnsClass, long ttlSeconds, DnsData data) {
    /** The type's name, such as {@code CNAME}, or {@code TYPE65534}. */
    public String typeName() {
        return DnsNames.type(type);
    }
}
