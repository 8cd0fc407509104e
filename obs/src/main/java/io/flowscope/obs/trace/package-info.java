/**
 * What happens to flows as log events and flight recorder events; never whose flows they are. Its
 * classes are loaded only while tracing is on: a logger without a provider prints a line as soon as
 * it is made.
 */
@NullMarked
package io.flowscope.obs.trace;

import org.jspecify.annotations.NullMarked;
