/**
 * Native calls: what jextract generated for Linux packet sockets and libpcap, and the few lines it
 * cannot emit. The only package that makes restricted calls.
 */
@NullMarked
package io.flowscope.bindings;

import org.jspecify.annotations.NullMarked;
