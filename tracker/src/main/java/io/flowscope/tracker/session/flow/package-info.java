/**
 * Joins parsers to flows: which parser a flow gets, when it is closed and why, and what all parsers
 * of a tracker may hold together. The tracker calls this; users see the messages.
 */
@NullMarked
package io.flowscope.tracker.session.flow;

import org.jspecify.annotations.NullMarked;
