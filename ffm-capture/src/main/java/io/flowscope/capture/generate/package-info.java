/**
 * Deterministic traffic for tests, samples and benchmarks, and a minimal writer of pcap files. Pure
 * Java: nothing here calls native code, opens a socket or looks at a clock, and a seed gives the
 * same bytes on every machine.
 */
@NullMarked
package io.flowscope.capture.generate;

import org.jspecify.annotations.NullMarked;
