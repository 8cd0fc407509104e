/**
 * Zstandard streams through {@code libzstd}, which may be missing: {@link
 * io.flowscope.bindings.zstd.Zstd} says whether there is one. Written by hand: its headers are
 * seldom installed.
 */
@NullMarked
package io.flowscope.bindings.zstd;

import org.jspecify.annotations.NullMarked;
