/**
 * What is written about a run: everything as JSON, tables as Markdown, bars as SVG, and the goals
 * beside what was measured.
 */
@NullMarked
package io.flowscope.bench.report;

import org.jspecify.annotations.NullMarked;
