/** What an operator sees: metrics, log events, JFR events and the scrape endpoint. */
@NullMarked
package io.flowscope.obs;

import org.jspecify.annotations.NullMarked;
