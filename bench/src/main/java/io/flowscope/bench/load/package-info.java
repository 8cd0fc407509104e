/**
 * The inputs. All are made up by the generator of {@code io.flowscope.capture.generate} or built by
 * hand, the same on every machine. Files are written once into a cache folder.
 */
@NullMarked
package io.flowscope.bench.load;

import org.jspecify.annotations.NullMarked;
