/**
 * What {@code flowscope top} shows: a moment of a run, laid out for a terminal of any size or as
 * plain text, and the terminal itself. Laying out is a function of the moment and the size; nothing
 * that came from a wire reaches the terminal other than as numbers and letters.
 */
@NullMarked
package io.flowscope.cli.top;

import org.jspecify.annotations.NullMarked;
