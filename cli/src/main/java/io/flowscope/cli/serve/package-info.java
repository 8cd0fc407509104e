/**
 * What {@code flowscope serve} shows beside its metrics: numbers of the run step by step, the flows
 * with most bytes, and the page that draws them. What is here has addresses in it; metrics never
 * do.
 */
@NullMarked
package io.flowscope.cli.serve;

import org.jspecify.annotations.NullMarked;
