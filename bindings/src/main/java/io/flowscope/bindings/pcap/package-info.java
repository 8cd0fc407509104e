/**
 * libpcap: layouts and constants as jextract wrote them, usable whether or not the library is
 * installed, and its calls by hand. {@link io.flowscope.bindings.pcap.Libpcap} says whether there
 * is one. As all that jextract writes, they need native access: where {@link
 * io.flowscope.bindings.Platform} says that it is denied, the first use of a class of theirs is its
 * last.
 */
@NullMarked
package io.flowscope.bindings.pcap;

import org.jspecify.annotations.NullMarked;
