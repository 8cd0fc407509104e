package io.flowscope.obs;

/**
 * The latencies of one type and process.
 *
 * @param type value of the label
 * @param process value of the label
 * @param values as they were when they were asked for
 */
record LatencySeries(String type, String process, Latencies values) {}
