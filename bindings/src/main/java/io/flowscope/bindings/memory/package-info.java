/** Raw pointers that native code hands out, turned into something with a size. Not exported. */
@NullMarked
package io.flowscope.bindings.memory;

import org.jspecify.annotations.NullMarked;
