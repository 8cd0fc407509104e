/**
 * DNS over UDP and TCP, multicast DNS and LLMNR: messages with their questions and records, and
 * queries matched with their responses. DNS over TLS, HTTPS and QUIC is encrypted and not here.
 */
@NullMarked
package io.flowscope.tracker.session.dns;

import org.jspecify.annotations.NullMarked;
