package io.flowscope.tracker.session.http;

import io.flowscope.tracker.session.buffer.GrowingBytes;

import org.jspecify.annotations.Nullable;

/** Where one side's stream is. Fields are the parser's to read and set. */
final class HttpSide {
    /** What the next bytes are. */
    enum State {
        /** A head, or blank lines before one. */
        HEAD,
        /** A body of known length. */
        LENGTH_BODY,
        /** A body that ends with the stream. */
        STREAM_BODY,
        /** The line with a chunk's length. */
        CHUNK_LINE,
        /** A chunk. */
        CHUNK,
        /** The line end after a chunk. */
        CHUNK_END,
        /** Headers after the last chunk. */
        TRAILER,
        /** Perhaps another protocol: held until the answer to CONNECT or Upgrade tells. */
        UNDECIDED
    }

    /** What this side sends; known from its first line. */
    enum Role {
        UNKNOWN,
        REQUESTS,
        RESPONSES
    }

    final GrowingBytes line;
    final BodyCollector body;
    State state = State.HEAD;
    Role role = Role.UNKNOWN;

    /** Where in {@link #line} the current line begins. */
    int lineStart;

    /** Bytes to come of a body or chunk of known length. */
    long remaining;

    boolean bodyOpen;
    boolean ended;

    /** Time of the packet with the head's first byte. */
    long startedNanos;

    @Nullable HttpRequestHead requestHead;
    @Nullable HttpResponseHead responseHead;

    /** The exchange whose request or response is being read. */
    @Nullable Exchange exchange;

    HttpSide(HttpOptions options, byte[] scratch) {
        this.line = new GrowingBytes(options.maxHeadBytes());
        this.body = new BodyCollector(options, scratch);
    }

    void enter(State next) {
        state = next;
        lineStart = 0;
        line.clear();
    }

    /**
     * Takes bytes up to and with the next line feed. Returns where it stopped; {@code -1} if the
     * limit was reached.
     */
    int takeLine(byte[] bytes, int from, int to) {
        int stop = from;
        while (stop < to && bytes[stop] != '\n') {
            stop++;
        }
        stop = Math.min(to, stop + 1);
        return line.append(bytes, from, stop - from) ? stop : -1;
    }

    boolean lineComplete() {
        return line.length() > lineStart && line.bytes()[line.length() - 1] == '\n';
    }

    /** Whether the line that was just completed has nothing but its end. */
    boolean lineBlank() {
        int text = line.length() - lineStart - 1;
        return text == 0 || (text == 1 && line.bytes()[lineStart] == '\r');
    }

    /** Whether the first line, just completed, cannot begin a message: better known early. */
    boolean startLineStrange() {
        return lineStart == 0 && !StartLine.maybe(line.bytes(), line.length());
    }

    long heldBytes() {
        return (long) line.heldBytes() + body.heldBytes();
    }

    /** A request, and what becomes of its response. */
    static final class Exchange {
        final @Nullable HttpRequestHead head;
        final boolean toHead;
        final boolean toConnect;
        @Nullable HttpRequest request;
        @Nullable HttpResponse response;

        /** What follows the request may not be HTTP. */
        boolean undecided;

        Exchange(@Nullable HttpRequestHead head) {
            this.head = head;
            this.toHead = head != null && head.method().contentEquals("HEAD");
            this.toConnect = head != null && head.method().contentEquals("CONNECT");
        }
    }
}
