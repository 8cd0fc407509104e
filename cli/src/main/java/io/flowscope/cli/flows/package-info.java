/**
 * Flow records as they are printed: one row per ended flow, written as a table, JSON lines, CSV or
 * Zeek's conn.log. Knows the tracker's view of a flow, and nothing of packets.
 */
@NullMarked
package io.flowscope.cli.flows;

import org.jspecify.annotations.NullMarked;
