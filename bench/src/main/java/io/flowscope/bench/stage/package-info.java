/** JMH. */
@NullMarked
package io.flowscope.bench.stage;

import org.jspecify.annotations.NullMarked;
