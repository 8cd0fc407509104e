/**
 * From segments to byte streams, as a user sees them: who takes the bytes ({@link
 * io.flowscope.tracker.stream.StreamConsumer}), which flows are reassembled ({@link
 * io.flowscope.tracker.stream.StreamConsumerFactory}), under which limits and policies ({@link
 * io.flowscope.tracker.stream.StreamOptions}), and consumers that hash a stream or write it to a
 * file. How the bytes get into order is in the package below, which is not exported.
 */
@NullMarked
package io.flowscope.tracker.stream;

import org.jspecify.annotations.NullMarked;
