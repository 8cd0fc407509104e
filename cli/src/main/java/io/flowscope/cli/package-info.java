/**
 * The flowscope command: arguments, output formats, exit codes. The only module that knows capture
 * and tracker.
 */
@NullMarked
package io.flowscope.cli;

import org.jspecify.annotations.NullMarked;
