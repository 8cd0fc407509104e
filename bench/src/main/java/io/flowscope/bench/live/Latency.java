package io.flowscope.bench.live;

/**
 * The time from the kernel's stamp on a packet to the end of its tracking, in nanoseconds.
 *
 * @param profile of the ring
 * @param perSecond packets per second that were sent
 * @param p50 half of the packets needed less
 * @param p99 99 % did
 * @param p999 99.9 % did
 * @param most the longest
 */
public record Latency(String profile, long perSecond, long p50, long p99, long p999, long most) {}
