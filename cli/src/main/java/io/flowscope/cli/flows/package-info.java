/**
 * Flow records as they are printed: one row per ended flow, written as a table, JSON lines, CSV,
 * Zeek's conn.log, IPFIX or Parquet. Knows the tracker's view of a flow, and nothing of packets.
 */
@NullMarked
package io.flowscope.cli.flows;

import org.jspecify.annotations.NullMarked;
