package io.flowscope.bench.report;

import io.flowscope.bench.spread.Spread;

/**
 * What one benchmark of a stage showed.
 *
 * @param name class, method and parameters
 * @param nanos nanoseconds per operation, over all iterations of all forks
 * @param allocatedBytes bytes allocated per operation
 */
public record StageResult(String name, Spread nanos, double allocatedBytes) {}
