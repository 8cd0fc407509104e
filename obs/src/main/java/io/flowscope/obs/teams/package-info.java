/**
 * Whose addresses are whose: a table from address ranges to teams, read from a file that may change
 * while it is in use. Counting by team is done elsewhere.
 */
@NullMarked
package io.flowscope.obs.teams;

import org.jspecify.annotations.NullMarked;
