/** Benchmarks of every stage and whole-program comparisons. Never published. */
@NullMarked
package io.flowscope.bench;

import org.jspecify.annotations.NullMarked;
