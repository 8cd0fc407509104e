/**
 * Programs beside one another: the same input, one CPU, one after the other in turns, CPU time. The
 * CPU time of whole processes is what the kernel reports about a child ({@code measure.c}); that of
 * a pass is printed by the program itself.
 */
@NullMarked
package io.flowscope.bench.compare;

import org.jspecify.annotations.NullMarked;
