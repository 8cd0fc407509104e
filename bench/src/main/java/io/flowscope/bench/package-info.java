/**
 * What people run when they doubt our numbers: {@code Bench} is the command. The rooms below are
 * the inputs ({@code load}), our programs that are measured ({@code pass}), single stages under JMH
 * ({@code stage}), programs run beside one another ({@code compare}), and what is written about it
 * ({@code report}). Programs in C and for pcap4j are in folders of their own. Never published.
 */
@NullMarked
package io.flowscope.bench;

import org.jspecify.annotations.NullMarked;
