/**
 * Frames that a capture delivers twice, as loopback interfaces and mirror ports do, and the filter
 * that drops the second.
 */
@NullMarked
package io.flowscope.tracker.dedup;

import org.jspecify.annotations.NullMarked;
