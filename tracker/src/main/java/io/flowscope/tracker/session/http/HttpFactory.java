package io.flowscope.tracker.session.http;

import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.Probe;
import io.flowscope.tracker.session.SessionParser;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Makes the HTTP parsers of one tracker; they share a head reader and two scratch arrays. */
final class HttpFactory implements ParserFactory<HttpMessage> {
    private static final int SCRATCH_BYTES = 8192;
    private static final String[] BEGINNINGS = {
        "GET ",
        "POST ",
        "HEAD ",
        "PUT ",
        "DELETE ",
        "OPTIONS ",
        "CONNECT ",
        "PATCH ",
        "TRACE ",
        "PROPFIND ",
        "HTTP/1."
    };

    private final HttpOptions options;
    private final HeadReader reader;
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final byte[] decodeScratch = new byte[SCRATCH_BYTES];

    HttpFactory(HttpOptions options) {
        this.options = options;
        this.reader = new HeadReader(options.maxHeaders());
    }

    HttpOptions options() {
        return options;
    }

    HeadReader reader() {
        return reader;
    }

    byte[] scratch() {
        return scratch;
    }

    byte[] decodeScratch() {
        return decodeScratch;
    }

    @Override
    public Probe probeStream(MemorySegment memory, long offset, int length) {
        Probe answer = Probe.NO;
        for (String beginning : BEGINNINGS) {
            if (matches(memory, offset, Math.min(length, beginning.length()), beginning)) {
                if (length >= beginning.length()) {
                    return Probe.YES;
                }
                answer = Probe.MORE;
            }
        }
        return answer;
    }

    private static boolean matches(MemorySegment memory, long offset, int length, String text) {
        for (int i = 0; i < length; i++) {
            if (memory.get(ValueLayout.JAVA_BYTE, offset + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public SessionParser<HttpMessage> newStreamParser(Ports ports) {
        return new HttpStreamParser(this);
    }
}
