/** A protocol as a user adds one: messages behind their length. The documentation shows it. */
package io.flowscope.tracker.session.example;
