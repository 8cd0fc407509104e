package io.flowscope.cli;

/** How a command lists what it found, named as it is typed. */
enum ListFormat {
    table,
    ndjson
}
