/**
 * What a user of the tracker touches first: the tracker, its options, the flow view, records,
 * events and end reasons. Knows no native code and no capture.
 */
@NullMarked
package io.flowscope.tracker;

import org.jspecify.annotations.NullMarked;
