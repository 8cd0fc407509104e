/**
 * From bytes to typed messages: the contracts of parsers ({@link
 * io.flowscope.tracker.session.SessionParser} for streams, {@link
 * io.flowscope.tracker.session.DatagramParser} for packets), how a protocol announces them ({@link
 * io.flowscope.tracker.session.SessionProtocol}), and what they have in common. The protocols
 * themselves live one package below each; nothing here knows a wire format.
 */
@NullMarked
package io.flowscope.tracker.session;

import org.jspecify.annotations.NullMarked;
