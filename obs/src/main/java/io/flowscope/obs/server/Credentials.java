package io.flowscope.obs.server;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * What a scraper has to present. Secrets come from a file or the environment, never from an
 * argument; only their digests are kept, and digests are compared in constant time.
 */
public final class Credentials {
    private final String scheme;
    private final String principal;
    private final byte[] digest;

    private Credentials(String scheme, String principal, byte[] secret) {
        this.scheme = scheme;
        this.principal = principal;
        this.digest = sha256(secret);
    }

    /**
     * A bearer token (RFC 6750). A browser, which cannot be told to send one, may present it as the
     * password of any user.
     */
    public static Credentials bearer(String token) {
        String trimmed = token.strip();
        if (trimmed.isEmpty()) {
            throw new IllegalArgumentException("token: must not be empty");
        }
        return new Credentials("Bearer", "bearer", trimmed.getBytes(StandardCharsets.UTF_8));
    }

    /** A user and password (RFC 7617). */
    public static Credentials basic(String user, String password) {
        if (user.isEmpty() || user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("user: must not be empty nor hold a colon");
        }
        if (password.isEmpty()) {
            throw new IllegalArgumentException("password: must not be empty");
        }
        return new Credentials(
                "Basic", "basic:" + user, (user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** Who is asking, or null if the header does not prove it. */
    @Nullable String principalOf(@Nullable String authorization) {
        if (authorization == null) {
            return null;
        }
        int space = authorization.indexOf(' ');
        if (space < 0) {
            return null;
        }
        String presentedScheme = authorization.substring(0, space);
        String text = authorization.substring(space + 1).strip();
        byte[] presented;
        if (presentedScheme.equalsIgnoreCase("Basic")) {
            byte[] both = decoded(text);
            presented = scheme.equals("Basic") ? both : behindColon(both);
        } else if (presentedScheme.equalsIgnoreCase(scheme)) {
            presented = text.getBytes(StandardCharsets.UTF_8);
        } else {
            return null;
        }
        return MessageDigest.isEqual(digest, sha256(presented)) ? principal : null;
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }

    private static byte[] behindColon(byte[] userAndPassword) {
        int colon = 0;
        while (colon < userAndPassword.length && userAndPassword[colon] != ':') {
            colon++;
        }
        int from = Math.min(colon + 1, userAndPassword.length);
        return Arrays.copyOfRange(userAndPassword, from, userAndPassword.length);
    }

    /** The header lines of a 401, each with its line end. */
    String challenges() {
        String basic = "WWW-Authenticate: Basic realm=\"flowscope\"\r\n";
        return scheme.equals("Basic")
                ? basic
                : "WWW-Authenticate: Bearer realm=\"flowscope\"\r\n" + basic;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
