/**
 * What all bindings share: which platforms they describe, and how a library that may be missing is
 * found. The calls themselves are in the rooms below: {@code linux}, {@code pcap}, {@code zstd}.
 * This module is the only one that makes restricted calls.
 */
@NullMarked
package io.flowscope.bindings;

import org.jspecify.annotations.NullMarked;
