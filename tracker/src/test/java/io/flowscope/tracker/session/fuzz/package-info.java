/**
 * One fuzz target per parser, in the form that Jazzer takes ({@code --target_class}); the tests run
 * each for a moment with a mutator and seeds of their own. A target checks that nothing throws,
 * that memory stays bounded, that every accessor of every message works, and that cutting the
 * stream otherwise gives the same messages. That of the reassembler compares it with the naive
 * model.
 */
package io.flowscope.tracker.session.fuzz;
