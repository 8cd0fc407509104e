/**
 * Our own programs, each run in a JVM of its own and measured from outside and by itself. All print
 * the same line per pass over a file as the programs in C do; see {@link
 * io.flowscope.bench.pass.Pass}.
 */
@NullMarked
package io.flowscope.bench.pass;

import org.jspecify.annotations.NullMarked;
