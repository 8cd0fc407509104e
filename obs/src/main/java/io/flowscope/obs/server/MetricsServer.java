package io.flowscope.obs.server;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

/**
 * Serves {@code /metrics}, {@code /healthz} and {@code /readyz}.
 *
 * <ol>
 *   <li>One platform thread accepts, one enforces deadlines; each connection has a virtual thread.
 *   <li>A request is read within 5 s, its answer made and taken within 10 s, or the connection is
 *       closed by the deadline thread, which never blocks on a client.
 *   <li>At most {@link #MAX_CONNECTIONS} are open. Beyond, a newcomer gets 503 and with TLS, which
 *       has no answer before its handshake, is closed, unless another address holds more
 *       connections than the newcomer's: then that address loses its oldest one. Nobody can lock
 *       everybody else out.
 *   <li>Requests are rationed by client certificate, else by the credentials' user, else by
 *       address.
 *   <li>The metrics page is made by one thread at a time, and shared by all who ask within 100 ms
 *       with the same Accept header: what it says was true at most that long before it was asked.
 *   <li>No JVM-wide property is read or set.
 * </ol>
 */
public final class MetricsServer implements AutoCloseable {
    /** Connections open at once. */
    public static final int MAX_CONNECTIONS = 256;

    /** More than are served: one that the kernel turns away comes back a second later at best. */
    private static final int BACKLOG = 4 * MAX_CONNECTIONS;

    private static final long DEADLINE_TICK_MILLIS = 100;
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ServerSocket listener;
    private final MetricsServerOptions options;
    private final Map<String, Function<String, Page>> pages;
    private final RateLimit limit;
    private final RateLimit healthLimit;
    private final RateLimit pageLimit;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread acceptor;
    private final Thread deadlines;

    private MetricsServer(
            MetricsServerOptions options,
            ServerSocket listener,
            Map<String, Function<String, Page>> pages) {
        this.options = options;
        this.listener = listener;
        this.pages = pages;
        this.limit = new RateLimit(options.requestsPerSecond(), options.burst());
        this.healthLimit = new RateLimit(options.requestsPerSecond(), options.burst());
        this.pageLimit = new RateLimit(options.requestsPerSecond(), options.burst());
        this.acceptor =
                Thread.ofPlatform().daemon().name("flowscope-metrics").unstarted(this::accept);
        this.deadlines =
                Thread.ofPlatform()
                        .daemon()
                        .name("flowscope-metrics-deadlines")
                        .unstarted(this::enforceDeadlines);
    }

    /**
     * Binds and starts.
     *
     * @param scrape makes the metrics page; its argument is the request's Accept header, "" if none
     * @param ready answers {@code /readyz}
     * @throws IOException if the address cannot be bound
     */
    public static MetricsServer start(
            MetricsServerOptions options, Function<String, Page> scrape, BooleanSupplier ready)
            throws IOException {
        return start(options, scrape, ready, Map.of());
    }

    /**
     * Like the other, with further pages by exact path. They are for people, and may show what
     * metrics never do: who asks for them without credentials has to address this server by number
     * or as localhost.
     *
     * @throws IOException if the address cannot be bound
     */
    public static MetricsServer start(
            MetricsServerOptions options,
            Function<String, Page> scrape,
            BooleanSupplier ready,
            Map<String, Function<String, Page>> morePages)
            throws IOException {
        Map<String, Function<String, Page>> pages = new HashMap<>(morePages);
        pages.put("/metrics", new SharedPage(scrape));
        pages.put("/healthz", accept -> Page.text(200, "ok\n"));
        pages.put(
                "/readyz",
                accept ->
                        ready.getAsBoolean()
                                ? Page.text(200, "ready\n")
                                : Page.text(503, "not ready\n"));
        ServerSocket listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(options.address(), BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw new IOException(
                    "cannot listen on " + text(options.address()) + ": " + e.getMessage(), e);
        }
        MetricsServer server = new MetricsServer(options, listener, Map.copyOf(pages));
        server.acceptor.start();
        server.deadlines.start();
        return server;
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** Where it listens: the port that was found free, if 0 was asked for. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    MetricsServerOptions options() {
        return options;
    }

    @Nullable Function<String, Page> page(String path) {
        return pages.get(path);
    }

    /**
     * Health has a bucket of its own, so that scrapers cannot starve an orchestrator's probes; so
     * have pages for people, who could starve the scrapers.
     */
    boolean admit(String path, Object caller) {
        RateLimit of = isHealth(path) ? healthLimit : isForEyes(path) ? pageLimit : limit;
        return of.admit(caller, System.nanoTime());
    }

    /** Whether there is such a page beside those of an endpoint for metrics. */
    boolean isForEyes(String path) {
        return pages.containsKey(path) && !isHealth(path) && !path.equals("/metrics");
    }

    static boolean isHealth(String path) {
        return path.equals("/healthz") || path.equals("/readyz");
    }

    int retryAfterSeconds() {
        return limit.retryAfterSeconds();
    }

    void left(Connection connection) {
        connections.remove(connection);
    }

    private void accept() {
        while (!closed.get()) {
            try {
                Socket socket = listener.accept();
                if (connections.size() < MAX_CONNECTIONS || makeRoom(socket.getInetAddress())) {
                    open(socket);
                } else {
                    refuse(socket);
                }
            } catch (IOException e) {
                if (!closed.get()) {
                    // Out of file descriptors, most likely: wait for some to come free.
                    pause(DEADLINE_TICK_MILLIS);
                }
            }
        }
    }

    private void open(Socket socket) {
        Connection connection = new Connection(this, socket);
        connections.add(connection);
        Thread.ofVirtual().name("flowscope-metrics-connection").start(connection);
    }

    /**
     * Closes the oldest connection of the address that holds most, if that is more than newcomer's.
     */
    private boolean makeRoom(InetAddress newcomer) {
        Map<InetAddress, Integer> held = new HashMap<>();
        connections.forEach(c -> held.merge(c.remote(), 1, Integer::sum));
        Optional<Map.Entry<InetAddress, Integer>> most =
                held.entrySet().stream().max(Map.Entry.comparingByValue());
        if (most.isEmpty() || most.get().getValue() <= held.getOrDefault(newcomer, 0) + 1) {
            return false;
        }
        InetAddress greedy = most.get().getKey();
        connections.stream()
                .filter(c -> c.remote().equals(greedy))
                .min(Comparator.comparingLong(Connection::openedNanos))
                .ifPresent(
                        c -> {
                            c.abort();
                            left(c);
                        });
        return true;
    }

    private void refuse(Socket socket) {
        try (socket) {
            if (options.tls() == null) {
                // A fresh socket's send buffer takes this without blocking.
                Answer.write(
                        socket.getOutputStream(),
                        Answer.error(503),
                        "Retry-After: " + retryAfterSeconds() + "\r\n",
                        false,
                        false,
                        false);
            }
        } catch (IOException gone) {
            // The client left: it needs no answer.
            return;
        }
    }

    private void enforceDeadlines() {
        while (!closed.get()) {
            long now = System.nanoTime();
            connections.forEach(c -> c.abortIfLate(now));
            pause(DEADLINE_TICK_MILLIS);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Nullable SSLContext tls() {
        return options.tls();
    }

    boolean isClosed() {
        return closed.get();
    }

    /** Stops listening, lets answers under way finish for up to 2 s, closes the rest. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            long end = System.nanoTime() + STOP_NANOS;
            connections.forEach(Connection::abortIfIdle);
            while (!connections.isEmpty() && System.nanoTime() - end < 0) {
                pause(10);
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
            }
            connections.forEach(Connection::abort);
            deadlines.interrupt();
        }
    }
}
