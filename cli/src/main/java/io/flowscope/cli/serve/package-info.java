/**
 * What {@code flowscope serve} shows beside its metrics: a page that draws what was observed, and
 * what metrics are told of this host.
 */
@NullMarked
package io.flowscope.cli.serve;

import org.jspecify.annotations.NullMarked;
