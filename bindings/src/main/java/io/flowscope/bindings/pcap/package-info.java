/**
 * libpcap: layouts and constants as jextract wrote them, usable whether or not the library is
 * installed, and its calls by hand. {@link io.flowscope.bindings.pcap.Libpcap} says whether there
 * is one.
 */
@NullMarked
package io.flowscope.bindings.pcap;

import org.jspecify.annotations.NullMarked;
