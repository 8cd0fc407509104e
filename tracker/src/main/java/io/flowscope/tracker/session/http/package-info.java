/**
 * HTTP/1.0 and 1.1: requests, responses, and the two put together, with bodies framed by length, by
 * chunks or by the end of the connection, hashed, decoded and kept as far as the options say.
 * HTTP/2 and what follows an upgrade or a CONNECT is left to others.
 */
@NullMarked
package io.flowscope.tracker.session.http;

import org.jspecify.annotations.NullMarked;
