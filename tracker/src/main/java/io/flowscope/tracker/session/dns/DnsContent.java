package io.flowscope.tracker.session.dns;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One DNS message.
 *
 * <pre>
 *   0    2       4         6         8           10           12
 *   +----+-------+---------+---------+-----------+------------+------------
 *   | id | flags | questions | answers | authority | additional | sections …
 *   +----+-------+---------+---------+-----------+------------+------------
 * </pre>
 *
 * @param id the transaction
 * @param flags the second word, as sent
 * @param questions what is asked
 * @param answers the answer section
 * @param authorities the authority section
 * @param additionals the additional section without its OPT record
 * @param edns what the OPT record says; null without one
 * @param defect why the message was not read to its end, such as a compression loop or a cut
 *     packet; the records before that point are here. Empty if all is well
 */
public record DnsContent(
        int id,
        int flags,
        List<DnsQuestion> questions,
        List<DnsRecord> answers,
        List<DnsRecord> authorities,
        List<DnsRecord> additionals,
        @Nullable DnsEdns edns,
        String defect) {

    /** Whether this is a response. */
    public boolean response() {
        return (flags & 0x8000) != 0;
    }

    /** 0 query, 4 notify, 5 update. */
    public int opcode() {
        return flags >> 11 & 15;
    }

    /** AA: the server is responsible for the name. */
    public boolean authoritative() {
        return (flags & 0x400) != 0;
    }

    /** TC: there is more than fitted. */
    public boolean truncated() {
        return (flags & 0x200) != 0;
    }

    /** RD: the client wants recursion. */
    public boolean recursionDesired() {
        return (flags & 0x100) != 0;
    }

    /** RA: the server offers recursion. */
    public boolean recursionAvailable() {
        return (flags & 0x80) != 0;
    }

    /** AD: the server verified the data. */
    public boolean authenticData() {
        return (flags & 0x20) != 0;
    }

    /** CD: the client does not want verification. */
    public boolean checkingDisabled() {
        return (flags & 0x10) != 0;
    }

    /** The outcome, with the upper eight bits that EDNS adds. */
    public int rcode() {
        return (flags & 15) | (edns == null ? 0 : edns.extendedRcode() << 4);
    }

    /** The outcome's name, such as {@code NXDOMAIN}. */
    public String rcodeName() {
        return DnsNames.rcode(rcode());
    }
}
