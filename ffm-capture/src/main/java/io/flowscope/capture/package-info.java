/**
 * Where packets come from and go to: packet sources, writers and injection. Knows native code and
 * no flows.
 */
@NullMarked
package io.flowscope.capture;

import org.jspecify.annotations.NullMarked;
