/**
 * Reassembled TCP streams as they are printed: a line for each direction, as JSON or for people.
 * Reassembly itself is the tracker's.
 */
@NullMarked
package io.flowscope.cli.streams;

import org.jspecify.annotations.NullMarked;
