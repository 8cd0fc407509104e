/** Bounded byte buffers that the parsers share; not part of the public API. */
@NullMarked
package io.flowscope.tracker.session.buffer;

import org.jspecify.annotations.NullMarked;
