package io.flowscope.tracker.session;

import java.util.Set;

/**
 * A protocol that the tracker can read. Found by {@link java.util.ServiceLoader}, so a module adds
 * its own with {@code provides SessionProtocol with …}; the providing class needs a public
 * constructor without parameters that stands for the default options.
 *
 * @param <M> the kind of message
 */
public interface SessionProtocol<M> {
    /** Short and lower case, such as {@code dns}; of two protocols of one name the later wins. */
    String name();

    /** TCP ports whose flows are this protocol's unless the first bytes say otherwise. */
    default Set<Integer> tcpPorts() {
        return Set.of();
    }

    /** UDP ports whose flows are this protocol's. */
    default Set<Integer> udpPorts() {
        return Set.of();
    }

    /** What makes this protocol's parsers for one tracker; used by one thread. */
    ParserFactory<M> newFactory();
}
