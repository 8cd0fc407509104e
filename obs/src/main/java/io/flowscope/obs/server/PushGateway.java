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
import java.util.Base64;

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
     */
    public PushGateway(URI gateway, String job, @Nullable String authorization) {
        String scheme = gateway.getScheme();
        if (gateway.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException(
                    "gateway: http://host:port or https://host:port, was " + gateway);
        }
        if (job.isBlank()) {
            throw new IllegalArgumentException("job: must not be empty");
        }
        String base = gateway.toString().replaceFirst("/+$", "");
        target = URI.create(base + "/metrics/" + segments(job));
        this.authorization = authorization;
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
