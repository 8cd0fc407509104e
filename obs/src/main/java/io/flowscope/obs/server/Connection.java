package io.flowscope.obs.server;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.Principal;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * One client: requests one after the other, each under a deadline. Runs on a virtual thread; the
 * deadline thread ends it by closing the plain socket beneath any TLS, which cannot block.
 */
final class Connection implements Runnable {
    private static final long READ_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** For making a page and writing it, from the request's end. */
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** A body that is a little too large is drained as a whole. */
    private static final int MOST_DRAINED_BYTES = 2 * Request.MAX_BODY_BYTES;

    private final MetricsServer server;
    private final Socket plain;
    private final long openedNanos = System.nanoTime();
    private volatile long deadlineNanos = openedNanos + READ_NANOS;
    private volatile boolean answering;

    /** Whom TLS says the client is, known to the connection's own thread; null if it says not. */
    private @Nullable Object certified;

    Connection(MetricsServer server, Socket plain) {
        this.server = server;
        this.plain = plain;
    }

    InetAddress remote() {
        return plain.getInetAddress();
    }

    long openedNanos() {
        return openedNanos;
    }

    void abortIfLate(long nowNanos) {
        if (nowNanos - deadlineNanos > 0) {
            abort();
        }
    }

    void abortIfIdle() {
        if (!answering) {
            abort();
        }
    }

    void abort() {
        try {
            plain.close();
        } catch (IOException e) {
            // It is gone either way.
            return;
        }
    }

    @Override
    public void run() {
        try (Socket socket = secured()) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 2048);
            OutputStream out = socket.getOutputStream();
            boolean more = true;
            while (more && !server.isClosed()) {
                deadlineNanos = System.nanoTime() + READ_NANOS;
                more = serve(socket, in, out);
            }
        } catch (IOException clientLeftOrWasLate) {
            // Nothing to tell it.
            return;
        } finally {
            abort();
            server.left(this);
        }
    }

    private Socket secured() throws IOException {
        SSLContext tls = server.tls();
        if (tls == null) {
            return plain;
        }
        SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        socket.setUseClientMode(false);
        socket.setNeedClientAuth(server.options().clientCertificates());
        socket.startHandshake();
        if (socket.getNeedClientAuth()) {
            certified = certified(socket.getSession());
        }
        return socket;
    }

    /** A certificate's subject, or the certificate itself where its names are elsewhere. */
    private static Object certified(SSLSession session) throws IOException {
        Principal subject = session.getPeerPrincipal();
        return subject.getName().isEmpty() ? session.getPeerCertificates()[0] : subject;
    }

    /** Answers one request; false when the connection is to end. */
    private boolean serve(Socket socket, InputStream in, OutputStream out) throws IOException {
        Request request;
        try {
            request = Request.read(in);
        } catch (Request.Refused refused) {
            answering();
            Answer.write(out, Answer.error(refused.status), "", false, false, false);
            answering = false;
            drain(socket, in);
            return false;
        }
        if (request == null) {
            return false;
        }
        answering();
        boolean more = answer(request, out);
        answering = false;
        return more;
    }

    private void answering() {
        deadlineNanos = System.nanoTime() + ANSWER_NANOS;
        answering = true;
    }

    /**
     * A socket that is closed with unread input resets the connection, and the client may lose the
     * answer: it is told the end first, and what it still sends is read, within bounds.
     */
    private void drain(Socket socket, InputStream in) throws IOException {
        deadlineNanos = System.nanoTime() + DRAIN_NANOS;
        socket.shutdownOutput();
        byte[] thrownAway = new byte[8192];
        int drained = 0;
        int n = 0;
        while (n >= 0 && drained < MOST_DRAINED_BYTES && !server.isClosed()) {
            n = in.read(thrownAway);
            drained += n;
        }
    }

    /** Makes and writes the answer; false when the connection is to end. */
    private boolean answer(Request request, OutputStream out) throws IOException {
        String principal = principal(request);
        if (!server.admit(request.path(), caller(principal))) {
            String retry = "Retry-After: " + server.retryAfterSeconds() + "\r\n";
            return answer(request, out, Answer.error(429), retry);
        }
        Function<String, Page> page = server.page(request.path());
        Credentials credentials = server.options().credentials();
        if (credentials != null && principal == null && !MetricsServer.isHealth(request.path())) {
            return answer(request, out, Answer.error(401), credentials.challenges());
        }
        boolean open = credentials == null && !server.options().clientCertificates();
        if (open && server.isForEyes(request.path()) && !isNumeric(request.header("host"))) {
            return answer(request, out, Answer.error(421), "");
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return answer(request, out, Answer.error(405), "Allow: GET, HEAD\r\n");
        }
        if (page == null) {
            return answer(request, out, Answer.error(404), "");
        }
        String accept = request.header("accept");
        return answer(request, out, made(page, accept == null ? "" : accept), "");
    }

    /**
     * Whether a client has addressed us by number. A page of somebody else's in a browser of this
     * host can have its own name resolved to loopback, and would then read what is meant for the
     * eyes of this host's users; the name stays in the header.
     */
    private static boolean isNumeric(@Nullable String host) {
        return host != null
                && host.matches(
                        "(?i)(localhost|\\[[0-9a-f:.]+]|[0-9]{1,3}(\\.[0-9]{1,3}){3})(:[0-9]+)?");
    }

    /** Whose bucket a request is taken from. */
    private Object caller(@Nullable String principal) {
        if (certified != null) {
            return certified;
        }
        return principal != null ? principal : remote();
    }

    private @Nullable String principal(Request request) {
        Credentials credentials = server.options().credentials();
        return credentials == null
                ? null
                : credentials.principalOf(request.header("authorization"));
    }

    private static Page made(Function<String, Page> page, String accept) {
        try {
            return page.apply(accept);
        } catch (RuntimeException e) {
            // What went wrong inside is nobody's business outside.
            return Answer.error(500);
        }
    }

    private boolean answer(Request request, OutputStream out, Page page, String extra)
            throws IOException {
        String encodings = request.header("accept-encoding");
        boolean gzip = encodings != null && acceptsGzip(encodings);
        boolean head = request.method().equals("HEAD");
        boolean keepAlive = request.keepAlive() && !server.isClosed();
        Answer.write(out, page, extra, gzip, head, keepAlive);
        return keepAlive;
    }

    private static boolean acceptsGzip(String encodings) {
        for (String encoding : encodings.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = encoding.strip().split(";", 2);
            if (parts[0].strip().equals("gzip") || parts[0].strip().equals("*")) {
                return parts.length == 1 || !parts[1].strip().matches("q=0(\\.0*)?");
            }
        }
        return false;
    }
}
