/**
 * Messages of application protocols as they are printed: DNS, HTTP and TLS, as JSON lines or for
 * people. Reading them is the tracker's.
 */
@NullMarked
package io.flowscope.cli.sessions;

import org.jspecify.annotations.NullMarked;
