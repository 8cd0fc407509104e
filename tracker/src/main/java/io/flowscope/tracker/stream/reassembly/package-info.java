/**
 * How segments become streams: positions, holes and their evidence, the bytes that wait, and the
 * limits on them. Driven by the tracker with plain numbers, knows neither packets nor the flow
 * table. Everything here belongs to one tracker and its thread, lives in memory of the tracker's
 * allocator, and is not exported.
 */
@NullMarked
package io.flowscope.tracker.stream.reassembly;

import org.jspecify.annotations.NullMarked;
