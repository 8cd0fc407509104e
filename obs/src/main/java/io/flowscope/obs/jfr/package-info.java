/**
 * The JVM's own recorder, both ways: what it knows of files and waiting threads becomes latencies,
 * and what happens to flows becomes events in recordings.
 */
@NullMarked
package io.flowscope.obs.jfr;

import org.jspecify.annotations.NullMarked;
