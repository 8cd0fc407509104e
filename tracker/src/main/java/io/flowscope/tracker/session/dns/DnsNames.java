package io.flowscope.tracker.session.dns;

/** Names of the numbers, as registered. */
final class DnsNames {
    private DnsNames() {}

    static String type(int type) {
        return switch (type) {
            case 1 -> "A";
            case 2 -> "NS";
            case 5 -> "CNAME";
            case 6 -> "SOA";
            case 10 -> "NULL";
            case 12 -> "PTR";
            case 13 -> "HINFO";
            case 15 -> "MX";
            case 16 -> "TXT";
            case 17 -> "RP";
            case 18 -> "AFSDB";
            case 24 -> "SIG";
            case 25 -> "KEY";
            case 28 -> "AAAA";
            case 29 -> "LOC";
            case 33 -> "SRV";
            case 35 -> "NAPTR";
            case 37 -> "CERT";
            case 39 -> "DNAME";
            case 41 -> "OPT";
            case 43 -> "DS";
            case 44 -> "SSHFP";
            case 46 -> "RRSIG";
            case 47 -> "NSEC";
            case 48 -> "DNSKEY";
            case 50 -> "NSEC3";
            case 51 -> "NSEC3PARAM";
            case 52 -> "TLSA";
            case 59 -> "CDS";
            case 60 -> "CDNSKEY";
            case 61 -> "OPENPGPKEY";
            case 64 -> "SVCB";
            case 65 -> "HTTPS";
            case 99 -> "SPF";
            case 249 -> "TKEY";
            case 250 -> "TSIG";
            case 251 -> "IXFR";
            case 252 -> "AXFR";
            case 255 -> "ANY";
            case 256 -> "URI";
            case 257 -> "CAA";
            default -> "TYPE" + type;
        };
    }

    static String rcode(int rcode) {
        return switch (rcode) {
            case 0 -> "NOERROR";
            case 1 -> "FORMERR";
            case 2 -> "SERVFAIL";
            case 3 -> "NXDOMAIN";
            case 4 -> "NOTIMP";
            case 5 -> "REFUSED";
            case 6 -> "YXDOMAIN";
            case 7 -> "YXRRSET";
            case 8 -> "NXRRSET";
            case 9 -> "NOTAUTH";
            case 10 -> "NOTZONE";
            case 16 -> "BADVERS";
            case 17 -> "BADKEY";
            case 18 -> "BADTIME";
            case 19 -> "BADMODE";
            case 20 -> "BADNAME";
            case 21 -> "BADALG";
            case 22 -> "BADTRUNC";
            case 23 -> "BADCOOKIE";
            default -> "RCODE" + rcode;
        };
    }

    /** The registered name of a service parameter, or {@code keyNNN}. */
    static String serviceKey(int key) {
        return switch (key) {
            case 0 -> "mandatory";
            case 1 -> "alpn";
            case 2 -> "no-default-alpn";
            case 3 -> "port";
            case 4 -> "ipv4hint";
            case 5 -> "ech";
            case 6 -> "ipv6hint";
            case 7 -> "dohpath";
            case 8 -> "ohttp";
            default -> "key" + key;
        };
    }
}
