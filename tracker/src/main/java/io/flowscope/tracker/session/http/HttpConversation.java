package io.flowscope.tracker.session.http;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.http.HttpSide.Exchange;
import io.flowscope.tracker.session.http.HttpSide.Role;
import io.flowscope.tracker.session.http.HttpSide.State;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;

/** What complete heads and bodies mean: framing, matching, tunnels, and what is emitted. */
final class HttpConversation {
    private final HttpFactory factory;
    private final HttpSide[] sides;

    /** Requests whose exchange is not emitted yet, in the order of the requests. */
    private final Deque<Exchange> open = new ArrayDeque<>(2);

    private long nanos;
    private @Nullable MessageSink<? super HttpMessage> sink;
    private @Nullable HttpSide resumed;
    private boolean tunnel;
    private String failure = "";

    HttpConversation(HttpFactory factory, HttpSide[] sides) {
        this.factory = factory;
        this.sides = sides;
    }

    /** Sets what holds for one call of the parser. */
    void now(long callNanos, MessageSink<? super HttpMessage> callSink) {
        nanos = callNanos;
        sink = callSink;
    }

    long nowNanos() {
        return nanos;
    }

    /** Whether a CONNECT or an upgrade succeeded. */
    boolean opensTunnel() {
        return tunnel;
    }

    String failure() {
        return failure;
    }

    ParserStatus fail(String reason) {
        failure = reason;
        return ParserStatus.FAILED;
    }

    private void emit(Side sender, HttpMessage message) {
        if (sink != null) {
            sink.onMessage(sender, nanos, message);
        }
    }

    /** At the end of a call: a parser that stops first gives out what it has. */
    ParserStatus settle(ParserStatus status) {
        if (status != ParserStatus.CONTINUE) {
            for (HttpSide in : sides) {
                if (in.bodyOpen) {
                    complete(in, false, HttpHeaders.NONE);
                }
            }
            while (!open.isEmpty()) {
                Exchange exchange = open.removeFirst();
                if (exchange.request != null) {
                    emitExchange(exchange);
                }
            }
        }
        sink = null;
        return status;
    }

    HttpHeaders trailers(HttpSide in) {
        if (in.line.length() <= 2) {
            return HttpHeaders.NONE;
        }
        HeadReader reader = factory.reader();
        reader.read(in.line.bytes(), in.line.length(), false);
        return reader.headers(reader.copy());
    }

    /** A head is complete in the side's line buffer. */
    ParserStatus head(HttpSide in) {
        HeadReader reader = factory.reader();
        byte[] bytes = in.line.bytes();
        Role role = StartLine.isStatus(bytes, in.line.length()) ? Role.RESPONSES : Role.REQUESTS;
        if (in.role == Role.UNKNOWN && other(in).role != role) {
            in.role = role;
        } else if (in.role != role) {
            return fail("requests and responses from one side");
        }
        reader.read(bytes, in.line.length(), true);
        if (reader.framing().chunked() && reader.framing().contentLength() != Framing.ABSENT) {
            reader.add(HttpDefect.LENGTH_AND_CHUNKED);
        }
        ByteText copy = reader.copy();
        return role == Role.REQUESTS
                ? requestHead(in, StartLine.request(reader, copy, in.startedNanos))
                : responseHead(in, StartLine.response(reader, copy, in.startedNanos));
    }

    private HttpSide other(HttpSide in) {
        return in == sides[0] ? sides[1] : sides[0];
    }

    private ParserStatus requestHead(HttpSide in, @Nullable HttpRequestHead head) {
        if (head == null) {
            return fail("a request line that is none");
        }
        if (head.version().at(5) == '2') {
            return head.method().contentEquals("PRI")
                    ? ParserStatus.DONE
                    : fail("a request line that is none");
        }
        if (open.size() >= factory.options().maxPipelined()) {
            return fail("more requests without response than the limit");
        }
        Exchange exchange = new Exchange(head);
        open.addLast(exchange);
        in.exchange = exchange;
        in.requestHead = head;
        Framing framing = factory.reader().framing();
        exchange.undecided = exchange.toConnect || framing.wantsUpgrade();
        if (exchange.toConnect) {
            return begin(in, State.HEAD, 0);
        }
        if (framing.transferEncoded()) {
            return framing.chunked()
                    ? begin(in, State.CHUNK_LINE, 0)
                    : fail("a request whose transfer coding does not end with chunked");
        }
        if (framing.contentLength() == Framing.INVALID) {
            return fail("a Content-Length that is no single number");
        }
        long length = Math.max(0, framing.contentLength());
        return begin(in, length == 0 ? State.HEAD : State.LENGTH_BODY, length);
    }

    private ParserStatus responseHead(HttpSide in, @Nullable HttpResponseHead head) {
        if (head == null || head.version().at(5) == '2') {
            return fail("a status line that is none");
        }
        Exchange exchange = firstUnanswered();
        in.exchange = exchange;
        in.responseHead = head;
        Framing framing = factory.reader().framing();
        int status = head.status();
        boolean tunnel = status == 101 || (exchange.toConnect && status / 100 == 2);
        if (tunnel || status < 200 || status == 204 || status == 304 || exchange.toHead) {
            return begin(in, State.HEAD, 0);
        }
        if (framing.transferEncoded()) {
            return begin(in, framing.chunked() ? State.CHUNK_LINE : State.STREAM_BODY, 0);
        }
        if (framing.contentLength() == Framing.INVALID) {
            return fail("a Content-Length that is no single number");
        }
        if (framing.contentLength() == Framing.ABSENT) {
            return begin(in, State.STREAM_BODY, 0);
        }
        long length = framing.contentLength();
        return begin(in, length == 0 ? State.HEAD : State.LENGTH_BODY, length);
    }

    /** Responses come in the order of the requests; one that nobody asked for stands alone. */
    private Exchange firstUnanswered() {
        for (Exchange exchange : open) {
            if (exchange.response == null) {
                return exchange;
            }
        }
        return new Exchange(null);
    }

    /** Begins a body; the state {@code HEAD} stands for a message without one. */
    private ParserStatus begin(HttpSide in, State next, long length) {
        in.enter(next);
        in.remaining = length;
        if (next == State.HEAD) {
            return message(in, HttpBody.NOTHING);
        }
        in.bodyOpen = true;
        in.body.begin(factory.reader().framing().coding());
        return ParserStatus.CONTINUE;
    }

    /** A body is complete, or will never be. */
    ParserStatus complete(HttpSide in, boolean whole, HttpHeaders trailers) {
        in.bodyOpen = false;
        in.enter(State.HEAD);
        return message(in, in.body.finish(whole, trailers));
    }

    private ParserStatus message(HttpSide in, HttpBody body) {
        Exchange exchange = in.exchange;
        HttpRequestHead requestHead = in.requestHead;
        HttpResponseHead responseHead = in.responseHead;
        in.exchange = null;
        in.requestHead = null;
        in.responseHead = null;
        if (exchange == null) {
            return ParserStatus.CONTINUE;
        }
        if (requestHead != null) {
            return request(in, exchange, new HttpRequest(requestHead, body, nanos));
        }
        return responseHead == null
                ? ParserStatus.CONTINUE
                : response(
                        in, exchange, new HttpResponse(responseHead, body, exchange.head, nanos));
    }

    private ParserStatus request(HttpSide in, Exchange exchange, HttpRequest request) {
        exchange.request = request;
        emit(sideOf(in), request);
        if (exchange.response != null) {
            open.remove(exchange);
            emitExchange(exchange);
        } else if (exchange.undecided) {
            in.enter(State.UNDECIDED);
        }
        return ParserStatus.CONTINUE;
    }

    private ParserStatus response(HttpSide in, Exchange exchange, HttpResponse response) {
        emit(sideOf(in), response);
        if (response.head().interim()) {
            return ParserStatus.CONTINUE;
        }
        exchange.response = response;
        if (exchange.head == null || exchange.request != null) {
            open.remove(exchange);
            emitExchange(exchange);
        }
        int status = response.head().status();
        if (status == 101 || (exchange.toConnect && status / 100 == 2)) {
            tunnel = true;
            return ParserStatus.DONE;
        }
        HttpSide asker = other(in);
        if (exchange.undecided && asker.state == State.UNDECIDED) {
            resumed = asker;
        }
        return ParserStatus.CONTINUE;
    }

    private Side sideOf(HttpSide in) {
        return in == sides[0] ? Side.INITIATOR : Side.RESPONDER;
    }

    private void emitExchange(Exchange exchange) {
        HttpSide asker = sides[0].role == Role.RESPONSES ? sides[1] : sides[0];
        emit(sideOf(asker), new HttpExchange(exchange.request, exchange.response));
    }

    /** The side whose held bytes are HTTP after all, once. */
    @Nullable HttpSide takeResumed() {
        HttpSide waiting = resumed;
        resumed = null;
        return waiting;
    }
}
