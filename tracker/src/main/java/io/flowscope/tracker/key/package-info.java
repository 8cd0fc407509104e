/**
 * From headers to the identity of a flow: extractors that write a key into a reused buffer, the
 * seeded and the stable hash of it, the immutable key to keep, and Community ID. No table and no
 * state of flows.
 */
@NullMarked
package io.flowscope.tracker.key;

import org.jspecify.annotations.NullMarked;
