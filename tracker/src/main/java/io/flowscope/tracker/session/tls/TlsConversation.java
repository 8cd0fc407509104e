package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.buffer.WireCursor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** What the two sides of a connection have said to one another so far. */
final class TlsConversation {
    private @Nullable ClientHello clientHello;
    private @Nullable ServerHello serverHello;
    private @Nullable TlsCertificates certificates;
    private Side client = Side.INITIATOR;
    private boolean retried;
    private boolean summed;
    private long nanos;
    private @Nullable MessageSink<? super TlsMessage> sink;
    private String failure = "";

    /** Sets what holds for one call of the parser. */
    void begin(long callNanos, MessageSink<? super TlsMessage> callSink) {
        nanos = callNanos;
        sink = callSink;
    }

    String failure() {
        return failure;
    }

    ParserStatus fail(String reason) {
        failure = reason;
        return ParserStatus.FAILED;
    }

    boolean anyHello() {
        return clientHello != null || serverHello != null;
    }

    private void emit(Side sender, TlsMessage message) {
        if (sink != null) {
            sink.onMessage(sender, nanos, message);
        }
    }

    /** At the end of a call: a parser that stops sums up first. */
    ParserStatus settle(ParserStatus status) {
        if (status != ParserStatus.CONTINUE && !summed && anyHello()) {
            summed = true;
            emit(client, new TlsHandshake(clientHello, serverHello, certificates));
        }
        sink = null;
        return status;
    }

    /** A complete message; false if nothing readable follows from this side. */
    boolean message(Side side, int type, ByteText body) {
        return switch (type) {
            case HandshakeAssembler.CLIENT_HELLO -> {
                ClientHello hello = ClientHello.read(body, false);
                yield hello == null
                        ? refused("a ClientHello without its form")
                        : clientHello(side, hello);
            }
            case HandshakeAssembler.SERVER_HELLO -> {
                ServerHello hello = ServerHello.read(body, false);
                yield hello == null
                        ? refused("a ServerHello without its form")
                        : serverHello(side, hello);
            }
            default -> certificate(side, body);
        };
    }

    private boolean refused(String reason) {
        failure = reason;
        return false;
    }

    boolean clientHello(Side side, ClientHello hello) {
        if (clientHello == null) {
            clientHello = hello;
            client = side;
        }
        emit(side, hello);
        return true;
    }

    private boolean serverHello(Side side, ServerHello hello) {
        if (clientHello == null) {
            client = side.other();
        }
        emit(side, hello);
        if (hello.helloRetryRequest()) {
            retried = true;
            return true;
        }
        serverHello = hello;
        return hello.version() < TlsNames.TLS13;
    }

    private boolean certificate(Side side, ByteText body) {
        WireCursor in = new WireCursor(body);
        WireCursor list = new WireCursor(in.take(in.u24()));
        List<TlsCertificate> chain = new ArrayList<>(3);
        while (list.remaining() > 3) {
            ByteText der = list.take(list.u24());
            if (list.broken()) {
                break;
            }
            chain.add(new TlsCertificate(der));
        }
        TlsCertificates message = new TlsCertificates(List.copyOf(chain));
        if (side != client && certificates == null) {
            certificates = message;
        }
        emit(side, message);
        return true;
    }

    void alert(Side side, int level, int description) {
        emit(side, new TlsAlert(level, description));
    }

    /**
     * Whether what follows a ChangeCipherSpec is encrypted: it is up to TLS 1.2, where the server's
     * hello always comes first. In TLS 1.3 the message means nothing.
     */
    boolean encryptedAfterCipherChange() {
        return serverHello != null && serverHello.version() < TlsNames.TLS13;
    }

    /** Whether a message of this type may still come in the clear after ChangeCipherSpec. */
    boolean readableAfterCipherChange(int type) {
        return type == HandshakeAssembler.CLIENT_HELLO
                || (retried && type == HandshakeAssembler.SERVER_HELLO);
    }

    /** Whether application data from this side may be followed by another readable hello. */
    boolean earlyDataFrom(Side side) {
        return side == client
                && serverHello == null
                && clientHello != null
                && clientHello.earlyData();
    }
}
