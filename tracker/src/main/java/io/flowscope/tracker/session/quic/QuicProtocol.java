package io.flowscope.tracker.session.quic;

import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.SessionMessage;
import io.flowscope.tracker.session.SessionProtocol;

import java.util.Set;

/** QUIC version 1 and 2 on UDP port 443, and wherever a flow begins with its first packet. */
public final class QuicProtocol implements SessionProtocol<SessionMessage> {
    /** QUIC has no options. */
    public QuicProtocol() {}

    @Override
    public String name() {
        return "quic";
    }

    @Override
    public Set<Integer> udpPorts() {
        return Set.of(443);
    }

    @Override
    public ParserFactory<SessionMessage> newFactory() {
        return new QuicFactory();
    }
}
