package io.flowscope.tracker.session.quic;

import java.util.List;

/**
 * A server does not speak the client's version.
 *
 * @param versions those that it speaks
 */
public record QuicVersionNegotiation(List<Integer> versions) implements QuicMessage {}
