/**
 * The visible part of TLS 1.0 to 1.3 and SSL 3: hellos with their fingerprints, certificates,
 * alerts. Nothing is decrypted; a parser is done when both sides are encrypted. DTLS is not here.
 */
@NullMarked
package io.flowscope.tracker.session.tls;

import org.jspecify.annotations.NullMarked;
