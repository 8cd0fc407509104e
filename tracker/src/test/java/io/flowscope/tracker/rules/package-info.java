/** The tracker's rules one by one, each shown by the few packets that make it visible. */
package io.flowscope.tracker.rules;
