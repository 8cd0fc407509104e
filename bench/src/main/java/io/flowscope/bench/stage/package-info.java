/**
 * Single stages under JMH. One operation is one packet, one flow, one record or one message; the
 * inputs are prepared outside the measured time and do not repeat so soon that a predictor knows
 * them. Run with the allocation profiler: what is on a packet's way allocates nothing.
 */
@NullMarked
package io.flowscope.bench.stage;

import org.jspecify.annotations.NullMarked;
