/**
 * The filter language: from text to classic BPF and its interpreter. {@code Parser} turns text into
 * a {@code Condition}, {@code Generator} a condition into blocks, {@code Optimizer} shortens the
 * paths through them, {@code Assembler} makes instructions. Knows no packet source and no native
 * code.
 */
@NullMarked
package io.flowscope.capture.filter;

import org.jspecify.annotations.NullMarked;
