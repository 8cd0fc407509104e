/** What many measurements of one thing say together: the middle, and how sure it is. */
@NullMarked
package io.flowscope.bench.spread;

import org.jspecify.annotations.NullMarked;
