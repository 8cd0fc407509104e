/**
 * A run as somebody sees it who looks at it from time to time: numbers so far and step by step, the
 * flows that live, and those that have ended with most to say. What is here has addresses in it;
 * metrics never do.
 */
@NullMarked
package io.flowscope.cli.watch;

import org.jspecify.annotations.NullMarked;
