/**
 * The C library and the kernel's headers: layouts and constants as jextract wrote them, and the
 * calls with errno by hand.
 *
 * <p>Every call is a static method with the name that its manual page has. Its first argument is
 * the {@link io.flowscope.bindings.linux.ErrnoCapture} of the calling thread; it returns what the C
 * function returns, or the negated errno where that returns -1. No call allocates unless it takes a
 * String, no call throws for what the system answers, and none retries EINTR.
 */
@NullMarked
package io.flowscope.bindings.linux;

import org.jspecify.annotations.NullMarked;
