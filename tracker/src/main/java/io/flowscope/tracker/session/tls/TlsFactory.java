package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.Probe;
import io.flowscope.tracker.session.SessionParser;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Makes the TLS parsers of one tracker; they share a scratch array. */
final class TlsFactory implements ParserFactory<TlsMessage> {
    private static final int SCRATCH_BYTES = 4096;

    private final TlsOptions options;
    private final byte[] scratch = new byte[SCRATCH_BYTES];

    TlsFactory(TlsOptions options) {
        this.options = options;
    }

    TlsOptions options() {
        return options;
    }

    byte[] scratch() {
        return scratch;
    }

    /** A handshake record whose first message is a hello, or a hello in the form of SSL 2. */
    @Override
    public Probe probeStream(MemorySegment memory, long offset, int length) {
        int first = at(memory, offset);
        if (first == 0x16) {
            if (length >= 2 && at(memory, offset + 1) != 3) {
                return Probe.NO;
            }
            if (length < 6) {
                return Probe.MORE;
            }
            int message = at(memory, offset + 5);
            return message == 1 || message == 2 ? Probe.YES : Probe.NO;
        }
        if (first < 0x80 || (length >= 3 && at(memory, offset + 2) != 1)) {
            return Probe.NO;
        }
        if (length < 11) {
            return Probe.MORE;
        }
        int version = (at(memory, offset + 3) << 8) | at(memory, offset + 4);
        int suites = (at(memory, offset + 5) << 8) | at(memory, offset + 6);
        int challenge = (at(memory, offset + 9) << 8) | at(memory, offset + 10);
        boolean hello =
                (version == 2 || version >> 8 == 3)
                        && suites % 3 == 0
                        && suites > 0
                        && challenge >= 16
                        && challenge <= 32;
        return hello ? Probe.YES : Probe.NO;
    }

    private static int at(MemorySegment memory, long offset) {
        return memory.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    }

    @Override
    public SessionParser<TlsMessage> newStreamParser(Ports ports) {
        TlsStreamParser tls = new TlsStreamParser(this);
        return TlsProtocol.isLate(ports) ? new LateTlsParser(tls) : tls;
    }
}
