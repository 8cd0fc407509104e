/**
 * The C library and the kernel's headers: layouts and constants as jextract wrote them, and the
 * calls with errno by hand.
 *
 * <p>Every call is a static method with the name that its manual page has. Its first argument is
 * the {@link io.flowscope.bindings.linux.ErrnoCapture} of the calling thread; it returns what the C
 * function returns, or the negated errno where that returns -1. No call throws for what the system
 * answers, none retries EINTR, and none allocates unless its comment says so. What can neither fail
 * nor take a pointer is called on {@link io.flowscope.bindings.linux.linux_h} as it is.
 *
 * <p>Layouts and constants need native access too: where {@link io.flowscope.bindings.Platform}
 * says that it is denied, the first use of a class of theirs is its last.
 */
@NullMarked
package io.flowscope.bindings.linux;

import org.jspecify.annotations.NullMarked;
