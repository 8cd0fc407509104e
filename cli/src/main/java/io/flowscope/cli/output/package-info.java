/**
 * How results leave the command: bytes to standard output through one buffer, JSON, delimited text
 * and tables written without intermediate strings. Knows nothing of packets or flows.
 */
@NullMarked
package io.flowscope.cli.output;

import org.jspecify.annotations.NullMarked;
