package io.flowscope.tracker.session.http;

import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.Probe;
import io.flowscope.tracker.session.SessionParser;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Makes the HTTP parsers of one tracker; they share a head reader and two scratch arrays. */
final class HttpFactory implements ParserFactory<HttpMessage> {
    private static final int SCRATCH_BYTES = 8192;

    /** Of the beginnings, so many stand for themselves. */
    private static final int WITHOUT_TARGET = 2;

    /** Methods of HTTP, WebDAV and UPnP; some are other protocols' too, with other targets. */
    private static final List<String> METHODS =
            List.of(
                    "GET",
                    "POST",
                    "HEAD",
                    "PUT",
                    "DELETE",
                    "OPTIONS",
                    "PATCH",
                    "TRACE",
                    "PROPFIND",
                    "PROPPATCH",
                    "MKCOL",
                    "COPY",
                    "MOVE",
                    "LOCK",
                    "UNLOCK",
                    "REPORT",
                    "SEARCH",
                    "MERGE",
                    "CHECKOUT",
                    "MKACTIVITY",
                    "NOTIFY",
                    "SUBSCRIBE",
                    "UNSUBSCRIBE",
                    "M-SEARCH",
                    "PURGE");

    private static final String[] BEGINNINGS = beginnings();

    private static String[] beginnings() {
        List<String> all = new ArrayList<>(List.of("HTTP/1.", "CONNECT "));
        METHODS.forEach(method -> all.add(method + " "));
        return all.toArray(String[]::new);
    }

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
        for (int i = 0; i < BEGINNINGS.length; i++) {
            String beginning = BEGINNINGS[i];
            int own = beginning.length();
            if (matches(memory, offset, Math.min(length, own), beginning)) {
                if (i < WITHOUT_TARGET && length >= own) {
                    return Probe.YES;
                }
                if (length > own) {
                    return target(memory.get(ValueLayout.JAVA_BYTE, offset + own))
                            ? Probe.YES
                            : Probe.NO;
                }
                answer = Probe.MORE;
            }
        }
        return answer;
    }

    /** The first byte of a path, an absolute URI or an asterisk. */
    private static boolean target(byte first) {
        return first == '/' || first == '*' || first == 'h' || first == 'H';
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
