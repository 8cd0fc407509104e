package io.flowscope.bench.report;

/**
 * What flows take.
 *
 * @param flows how many were live
 * @param bytesPerFlow resident memory that they added to the process, each
 */
public record FlowMemory(long flows, double bytesPerFlow) {}
