/**
 * What the control group allows this process, and how much of it is in use: memory, processor time
 * and input/output, from cgroup v1 and v2 files. It reads files and knows no metrics registry.
 */
@NullMarked
package io.flowscope.obs.resources;

import org.jspecify.annotations.NullMarked;
