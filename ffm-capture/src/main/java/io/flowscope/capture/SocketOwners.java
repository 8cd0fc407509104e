package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Finds which process a local socket belongs to: the kernel is asked for the socket (sock_diag),
 * {@code /proc} for the process. On a thread of its own, so that nobody waits on the way of a
 * packet; owners that were found are kept for a time, and everything is bounded: what comes in too
 * fast is not answered, and counted. To see other users' processes needs CAP_SYS_PTRACE or root.
 *
 * <p>A connection that was not accepted yet, or is closed on our side already, has no process; if
 * it came to a listening socket, that one's process is the answer. For others it is {@code null},
 * as it is for a socket made in the last few milliseconds, since {@code /proc} was read: it is
 * worth asking again.
 */
public final class SocketOwners implements AutoCloseable {
    private static final int MAX_WAITING = 1024;
    private static final int TCP = 6;

    /**
     * How requests ended.
     *
     * @param found with a process
     * @param unknown no such socket
     * @param raced there was a socket, and its process was gone or may not be seen
     * @param rejected too many were waiting
     */
    public record Outcomes(long found, long unknown, long raced, long rejected) {}

    private record Key(int protocol, InetSocketAddress local, InetSocketAddress remote) {}

    private record Answer(SocketOwner owner, long untilNanos) {}

    private final long lifetimeNanos;
    private final Map<Key, Answer> answers;
    private final SocketDiagnosis diagnosis = new SocketDiagnosis();
    private final ProcessSockets processes;
    private final ThreadPoolExecutor worker =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(MAX_WAITING),
                    task -> Thread.ofPlatform().daemon().name("flowscope-owners").unstarted(task));

    private final AtomicLong found = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong raced = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();

    /**
     * @param lifetimeMillis how long an owner that was found is kept
     * @param maxAnswers how many are kept, the least recently asked for go first
     */
    public SocketOwners(int lifetimeMillis, int maxAnswers) {
        if (lifetimeMillis < 1 || maxAnswers < 1) {
            throw new IllegalArgumentException("lifetimeMillis and maxAnswers: at least 1");
        }
        lifetimeNanos = TimeUnit.MILLISECONDS.toNanos(lifetimeMillis);
        processes = new ProcessSockets(maxAnswers);
        answers =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Key, Answer> eldest) {
                        return size() > maxAnswers;
                    }
                };
    }

    /**
     * Asks who has a socket. The answer comes on another thread, {@code null} if nobody was found;
     * none comes if too many are waiting.
     *
     * @param protocol 6 for TCP, 17 for UDP
     * @param local this machine's end
     * @param remote the other end
     */
    public void ask(
            int protocol,
            InetSocketAddress local,
            InetSocketAddress remote,
            Consumer<@Nullable SocketOwner> answer) {
        Key key = new Key(protocol, local, remote);
        try {
            worker.execute(() -> answer.accept(lookUp(key)));
        } catch (RejectedExecutionException tooManyOrClosed) {
            rejected.incrementAndGet();
        }
    }

    private @Nullable SocketOwner lookUp(Key key) {
        long now = System.nanoTime();
        Answer known = answers.get(key);
        if (known != null && known.untilNanos - now >= 0) {
            return known.owner;
        }
        SocketOwner owner = find(key);
        if (owner != null) {
            answers.put(key, new Answer(owner, now + lifetimeNanos));
        }
        return owner;
    }

    private @Nullable SocketOwner find(Key key) {
        SocketDiagnosis.Socket socket = diagnosis.find(key.protocol, key.local, key.remote);
        if (key.protocol == TCP && (socket == null || socket.inode() == 0)) {
            SocketDiagnosis.Socket listening = diagnosis.listening(key.local);
            socket = listening == null ? socket : listening;
        }
        if (socket == null) {
            unknown.incrementAndGet();
            return null;
        }
        SocketOwner owner = socket.inode() == 0 ? null : processes.owner(socket);
        (owner == null ? raced : found).incrementAndGet();
        return owner;
    }

    /** How the requests so far ended; answers that were kept are not counted again. */
    public Outcomes outcomes() {
        return new Outcomes(found.get(), unknown.get(), raced.get(), rejected.get());
    }

    /** Answers nothing any more. */
    @Override
    public void close() {
        worker.shutdownNow();
    }
}
