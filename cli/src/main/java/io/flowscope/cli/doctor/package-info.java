/**
 * What {@code flowscope doctor} looks at: each check reads one part of the system and says what it
 * found and, where something is missing, the exact line that mends it. Changes nothing.
 */
@NullMarked
package io.flowscope.cli.doctor;

import org.jspecify.annotations.NullMarked;
