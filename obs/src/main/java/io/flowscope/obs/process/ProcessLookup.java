package io.flowscope.obs.process;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/**
 * Finds the process that owns a socket of this host. Called on a thread of its own, one call at a
 * time; it may take its time, and may throw, which counts as not known.
 */
@FunctionalInterface
public interface ProcessLookup {
    /**
     * The name of the process that owns a socket.
     *
     * @param protocol IP protocol number, 6 or 17
     * @param local this host's end
     * @param remote the other end
     * @return null if there is no such socket, or its owner is not to be seen
     */
    @Nullable String processOf(int protocol, InetSocketAddress local, InetSocketAddress remote);
}
