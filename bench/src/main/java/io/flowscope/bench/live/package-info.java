/** What comes from a wire: receivers of ours, and their comparison with others on a veth pair. */
@NullMarked
package io.flowscope.bench.live;

import org.jspecify.annotations.NullMarked;
