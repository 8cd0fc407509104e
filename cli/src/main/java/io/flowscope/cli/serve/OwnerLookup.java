package io.flowscope.cli.serve;

import io.flowscope.capture.SocketOwner;
import io.flowscope.capture.SocketOwners;
import io.flowscope.obs.process.ProcessLookup;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the kernel whose a socket is, and waits for what it says; whoever asks may wait. */
public final class OwnerLookup implements ProcessLookup, AutoCloseable {
    private static final int LIFETIME_MILLIS = 10_000;
    private static final int MAX_ANSWERS = 10_000;
    private static final int PATIENCE_SECONDS = 2;

    private final SocketOwners owners = new SocketOwners(LIFETIME_MILLIS, MAX_ANSWERS);

    /** A lookup with a thread of its own. */
    public OwnerLookup() {}

    @Override
    public @Nullable String processOf(
            int protocol, InetSocketAddress local, InetSocketAddress remote) {
        CompletableFuture<@Nullable SocketOwner> answer = new CompletableFuture<>();
        owners.ask(protocol, local, remote, answer::complete);
        try {
            SocketOwner owner = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return owner == null ? null : owner.command();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException notKnown) {
            return null;
        }
    }

    @Override
    public void close() {
        owners.close();
    }
}
