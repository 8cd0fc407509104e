/**
 * Apache Parquet files, written in one pass: columns of numbers and texts, gathered for a group of
 * rows and then compressed. Knows the format and nothing of flows.
 */
@NullMarked
package io.flowscope.cli.parquet;

import org.jspecify.annotations.NullMarked;
