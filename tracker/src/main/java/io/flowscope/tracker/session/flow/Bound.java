package io.flowscope.tracker.session.flow;

import io.flowscope.tracker.session.DatagramParser;
import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.Probe;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.SessionProtocol;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * A protocol as one tracker uses it.
 *
 * @param <M> the kind of message
 */
final class Bound<M> {
    private final String name;
    private final Set<Integer> tcpPorts;
    private final Set<Integer> udpPorts;
    private final ParserFactory<M> factory;

    Bound(SessionProtocol<M> protocol) {
        this.name = protocol.name();
        this.tcpPorts = Set.copyOf(protocol.tcpPorts());
        this.udpPorts = Set.copyOf(protocol.udpPorts());
        this.factory = protocol.newFactory();
    }

    String name() {
        return name;
    }

    boolean hasPort(boolean tcp, int port) {
        return (tcp ? tcpPorts : udpPorts).contains(port);
    }

    Probe probe(boolean tcp, MemorySegment memory, long offset, int length) {
        return tcp
                ? factory.probeStream(memory, offset, length)
                : factory.probeDatagram(memory, offset, length);
    }

    @Nullable SessionParser<M> newStreamParser(Ports ports) {
        return factory.newStreamParser(ports);
    }

    @Nullable DatagramParser<M> newDatagramParser(Ports ports) {
        return factory.newDatagramParser(ports);
    }

    void close() {
        factory.close();
    }
}
