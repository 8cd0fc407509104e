package io.flowscope.tracker.session.tls;

/** Names of the numbers, as registered. */
final class TlsNames {
    static final int TLS13 = 0x0304;

    private TlsNames() {}

    static String version(int version) {
        return switch (version) {
            case 0x0002 -> "SSL 2.0";
            case 0x0300 -> "SSL 3.0";
            case 0x0301 -> "TLS 1.0";
            case 0x0302 -> "TLS 1.1";
            case 0x0303 -> "TLS 1.2";
            case TLS13 -> "TLS 1.3";
            default -> hex(version);
        };
    }

    static String hex(int code) {
        return CodeList.of(new char[] {(char) code}, 1).hex("").transform(text -> "0x" + text);
    }

    static String alert(int description) {
        return switch (description) {
            case 0 -> "close_notify";
            case 10 -> "unexpected_message";
            case 20 -> "bad_record_mac";
            case 21 -> "decryption_failed";
            case 22 -> "record_overflow";
            case 30 -> "decompression_failure";
            case 40 -> "handshake_failure";
            case 41 -> "no_certificate";
            case 42 -> "bad_certificate";
            case 43 -> "unsupported_certificate";
            case 44 -> "certificate_revoked";
            case 45 -> "certificate_expired";
            case 46 -> "certificate_unknown";
            case 47 -> "illegal_parameter";
            case 48 -> "unknown_ca";
            case 49 -> "access_denied";
            case 50 -> "decode_error";
            case 51 -> "decrypt_error";
            case 60 -> "export_restriction";
            case 70 -> "protocol_version";
            case 71 -> "insufficient_security";
            case 80 -> "internal_error";
            case 86 -> "inappropriate_fallback";
            case 90 -> "user_canceled";
            case 100 -> "no_renegotiation";
            case 109 -> "missing_extension";
            case 110 -> "unsupported_extension";
            case 112 -> "unrecognized_name";
            case 113 -> "bad_certificate_status_response";
            case 115 -> "unknown_psk_identity";
            case 116 -> "certificate_required";
            case 120 -> "no_application_protocol";
            case 121 -> "ech_required";
            default -> "alert_" + description;
        };
    }

    /** The suites that are met; others by number. */
    static String cipherSuite(int suite) {
        return switch (suite) {
            case 0x0004 -> "TLS_RSA_WITH_RC4_128_MD5";
            case 0x0005 -> "TLS_RSA_WITH_RC4_128_SHA";
            case 0x0009 -> "TLS_RSA_WITH_DES_CBC_SHA";
            case 0x000a -> "TLS_RSA_WITH_3DES_EDE_CBC_SHA";
            case 0x0016 -> "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA";
            case 0x002f -> "TLS_RSA_WITH_AES_128_CBC_SHA";
            case 0x0032 -> "TLS_DHE_DSS_WITH_AES_128_CBC_SHA";
            case 0x0033 -> "TLS_DHE_RSA_WITH_AES_128_CBC_SHA";
            case 0x0035 -> "TLS_RSA_WITH_AES_256_CBC_SHA";
            case 0x0038 -> "TLS_DHE_DSS_WITH_AES_256_CBC_SHA";
            case 0x0039 -> "TLS_DHE_RSA_WITH_AES_256_CBC_SHA";
            case 0x003c -> "TLS_RSA_WITH_AES_128_CBC_SHA256";
            case 0x003d -> "TLS_RSA_WITH_AES_256_CBC_SHA256";
            case 0x0041 -> "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA";
            case 0x0067 -> "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256";
            case 0x006b -> "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256";
            case 0x0084 -> "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA";
            case 0x0088 -> "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA";
            case 0x009c -> "TLS_RSA_WITH_AES_128_GCM_SHA256";
            case 0x009d -> "TLS_RSA_WITH_AES_256_GCM_SHA384";
            case 0x009e -> "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256";
            case 0x009f -> "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384";
            case 0x1301 -> "TLS_AES_128_GCM_SHA256";
            case 0x1302 -> "TLS_AES_256_GCM_SHA384";
            case 0x1303 -> "TLS_CHACHA20_POLY1305_SHA256";
            case 0x1304 -> "TLS_AES_128_CCM_SHA256";
            case 0x1305 -> "TLS_AES_128_CCM_8_SHA256";
            case 0xc007 -> "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA";
            case 0xc009 -> "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA";
            case 0xc00a -> "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA";
            case 0xc011 -> "TLS_ECDHE_RSA_WITH_RC4_128_SHA";
            case 0xc012 -> "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA";
            case 0xc013 -> "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA";
            case 0xc014 -> "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA";
            case 0xc023 -> "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256";
            case 0xc024 -> "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384";
            case 0xc027 -> "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256";
            case 0xc028 -> "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384";
            case 0xc02b -> "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
            case 0xc02c -> "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
            case 0xc02f -> "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
            case 0xc030 -> "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
            case 0xcca8 -> "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";
            case 0xcca9 -> "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";
            case 0xccaa -> "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256";
            default -> hex(suite);
        };
    }
}
