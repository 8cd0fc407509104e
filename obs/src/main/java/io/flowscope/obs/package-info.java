/**
 * What an operator sees of trackers: their metrics in any Micrometer registry. {@link
 * io.flowscope.obs.FlowMetrics} is where to begin; names and labels are in {@link
 * io.flowscope.obs.MetricNames}. Trackers without a hook of their own find this module through
 * {@link java.util.ServiceLoader} and report to Micrometer's global registry.
 */
@NullMarked
package io.flowscope.obs;

import org.jspecify.annotations.NullMarked;
