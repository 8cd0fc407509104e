/**
 * From bytes to headers: link types, encapsulations, IP, fragments and transport headers, decoded
 * in place into a cursor that is reused. Nothing here knows a flow, copies a packet (whole
 * reassembly of fragments excepted) or allocates per packet; what a key is made of is decided in
 * the package {@code key}.
 */
@NullMarked
package io.flowscope.tracker.packet;

import org.jspecify.annotations.NullMarked;
