/**
 * The off-heap flow table: one record per live flow, the index that finds it, the list of free
 * records, and what sweeps and evicts. Knows where a field is, not what a packet does to it.
 */
@NullMarked
package io.flowscope.tracker.table;

import org.jspecify.annotations.NullMarked;
