/**
 * The scrape endpoint: a small HTTP/1.1 server for one page of text, with deadlines on every
 * connection, bounded everywhere. It knows no metrics: what it serves is a function handed to it.
 */
@NullMarked
package io.flowscope.obs.server;

import org.jspecify.annotations.NullMarked;
