/**
 * Whose a flow is: a function that knows this host's sockets is asked away from the capture thread,
 * what it says is kept for a while, and the tracker is told.
 */
@NullMarked
package io.flowscope.obs.process;

import org.jspecify.annotations.NullMarked;
