/**
 * The first packets of QUIC version 1 and 2, whose keys follow from what is on the wire: hellos
 * with their fingerprints, as the {@code tls} package gives them, and the packets by which a server
 * asks for another start. What follows is encrypted for good.
 */
@NullMarked
package io.flowscope.tracker.session.quic;

import org.jspecify.annotations.NullMarked;
