package io.flowscope.tracker.session.http;

import io.flowscope.tracker.session.ByteText;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * A request line and its headers.
 *
 * @param method such as {@code GET}
 * @param target as sent: a path, an absolute URI, an authority or an asterisk
 * @param version such as {@code HTTP/1.1}
 * @param headers in the order sent
 * @param defects what was unusual
 * @param startedNanos time of the packet with the first byte
 */
public record HttpRequestHead(
        ByteText method,
        ByteText target,
        ByteText version,
        HttpHeaders headers,
        Set<HttpDefect> defects,
        long startedNanos) {

    /** The host asked for: from an absolute target, else the Host header; null without both. */
    public @Nullable String host() {
        String text = target.toString();
        int scheme = text.indexOf("://");
        if (scheme > 0 && !text.startsWith("/")) {
            int end = endOfAuthority(text, scheme + 3);
            return text.substring(
                    text.lastIndexOf('@', end - 1) > scheme
                            ? text.lastIndexOf('@', end - 1) + 1
                            : scheme + 3,
                    end);
        }
        ByteText host = headers.first("Host");
        return host == null ? null : host.toString();
    }

    /** The target without scheme and authority. */
    public String path() {
        String text = target.toString();
        int scheme = text.indexOf("://");
        if (scheme > 0 && !text.startsWith("/")) {
            String path = text.substring(endOfAuthority(text, scheme + 3));
            return path.isEmpty() ? "/" : path;
        }
        return text;
    }

    private static int endOfAuthority(String text, int from) {
        int end = from;
        while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }
}
