package io.flowscope.tracker.session.http;

/** What was unusual about a head and was read all the same. */
public enum HttpDefect {
    /** Both Content-Length and chunked: chunked counts. The classic of request smuggling. */
    LENGTH_AND_CHUNKED,
    /** Content-Length was given more than once, with one value. */
    REPEATED_LENGTH,
    /** A header went on over several lines; its value has spaces in place of the line ends. */
    FOLDED_HEADER,
    /** Lines ended with a bare line feed. */
    BARE_LINE_FEED,
    /** A line without colon or name was passed over, or a name had a space before its colon. */
    MALFORMED_LINE,
    /** More headers than the options allow; all counted for framing, the rest is not kept. */
    TOO_MANY_HEADERS
}
