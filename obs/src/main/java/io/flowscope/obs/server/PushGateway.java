package io.flowscope.obs.server;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Hands a page to a Prometheus push gateway, for runs that end before anybody scrapes them. What
 * the gateway had of the same job is replaced as a whole.
 */
public final class PushGateway {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int SHOWN_CHARACTERS = 200;

    private final URI target;
    private final @Nullable String authorization;

    /**
     * A gateway.
     *
     * @param gateway its address, such as {@code http://127.0.0.1:9091}
     * @param job value of the label {@code job}
     * @param authorization the header to send, such as {@code Bearer …}; null for none
     * @throws IllegalArgumentException naming every mistake, and no secret
     */
    public PushGateway(URI gateway, String job, @Nullable String authorization) {
        List<String> mistakes = new ArrayList<>();
        String authority = gateway.getRawAuthority();
        if (authority != null && authority.contains("@")) {
            mistakes.add("gateway: no user in it; what it asks for goes into the authorization");
        } else if (!isBase(gateway)) {
            mistakes.add("gateway: http://host:port or https://host:port, was " + gateway);
        }
        if (job.isBlank()) {
            mistakes.add("job: must not be empty");
        }
        String header = authorization == null ? null : authorization.strip();
        if (header != null && !header.matches("[ -~]+")) {
            mistakes.add("authorization: one line of printable ASCII");
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
        String base = gateway.toString().replaceFirst("/+$", "");
        target = URI.create(base + "/metrics/" + segments(job));
        this.authorization = header;
    }

    /** Whether a path can follow. */
    private static boolean isBase(URI gateway) {
        String scheme = gateway.getScheme();
        return ("http".equals(scheme) || "https".equals(scheme))
                && gateway.getHost() != null
                && gateway.getRawQuery() == null
                && gateway.getRawFragment() == null;
    }

    /**
     * The label job in a path. The gateway decodes a path before it parts it and follows its dots,
     * so a name with a slash or of dots goes in base64; it reads a plus sign as itself.
     */
    private static String segments(String job) {
        if (job.contains("/") || job.equals(".") || job.equals("..")) {
            Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
            return "job@base64/" + base64.encodeToString(job.getBytes(StandardCharsets.UTF_8));
        }
        return "job/" + URLEncoder.encode(job, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Sends a page in the text format.
     *
     * @throws IOException if the gateway cannot be reached, or refuses it, with what it said
     */
    public void push(Page page) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target)
                        .timeout(ANSWER)
                        .header("Content-Type", page.contentType())
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(page.body()));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
            HttpResponse<String> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IOException(
                        "push gateway "
                                + target.getAuthority()
                                + ": status "
                                + response.statusCode()
                                + " "
                                + cut(response.body().strip()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("push interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    private static String cut(String text) {
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS);
    }
}
