/**
 * What a TCP segment does to its flow's record: states, sequence bookkeeping (retransmissions,
 * reordering, duplicate acknowledgments), history and round trips. Holds no state of its own beyond
 * the record; fires no event.
 */
@NullMarked
package io.flowscope.tracker.tcp;

import org.jspecify.annotations.NullMarked;
