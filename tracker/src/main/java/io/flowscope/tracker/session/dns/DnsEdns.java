package io.flowscope.tracker.session.dns;

import io.flowscope.tracker.session.ByteText;

import java.util.List;

/**
 * What the OPT pseudo-record says.
 *
 * @param udpPayloadBytes the largest datagram that the sender takes
 * @param extendedRcode the upper eight bits of the outcome
 * @param version of EDNS
 * @param dnssecOk the sender wants signatures
 * @param options in the order sent
 */
public record DnsEdns(
        int udpPayloadBytes,
        int extendedRcode,
        int version,
        boolean dnssecOk,
        List<Option> options) {
    /**
     * One option.
     *
     * @param code such as 10 for a cookie
     * @param value as sent
     */
    public record Option(int code, ByteText value) {}
}
