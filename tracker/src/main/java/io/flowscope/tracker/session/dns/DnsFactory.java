package io.flowscope.tracker.session.dns;

import io.flowscope.tracker.session.DatagramParser;
import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.Probe;
import io.flowscope.tracker.session.SessionParser;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Makes the DNS parsers of one tracker; they share a reader, a buffer and the bound on queries. */
final class DnsFactory implements ParserFactory<DnsMessage> {
    private final DnsReader reader = new DnsReader();
    private final byte[] scratch = new byte[0xffff];
    private final AgeList ages;
    private final long timeoutNanos;
    private long malformed;

    DnsFactory(DnsOptions options) {
        this.ages = new AgeList(options.maxPending());
        this.timeoutNanos = options.responseTimeout().toNanos();
    }

    DnsReader reader() {
        return reader;
    }

    byte[] scratch() {
        return scratch;
    }

    AgeList ages() {
        return ages;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    void countMalformed() {
        malformed++;
    }

    /** Messages that could not be read. */
    long malformed() {
        return malformed;
    }

    @Override
    public Probe probeStream(MemorySegment memory, long offset, int length) {
        if (length < 2 + DnsReader.HEADER_BYTES) {
            boolean strange = length >= 6 && !plausibleFlags(u16(memory, offset + 4));
            return strange ? Probe.NO : Probe.MORE;
        }
        int message = u16(memory, offset);
        return message >= DnsReader.HEADER_BYTES + 5 && plausible(memory, offset + 2, length - 2)
                ? Probe.YES
                : Probe.NO;
    }

    @Override
    public Probe probeDatagram(MemorySegment memory, long offset, int length) {
        return length > DnsReader.HEADER_BYTES && plausible(memory, offset, length)
                ? Probe.YES
                : Probe.NO;
    }

    /**
     * A query or an answer to it with exactly one question that has a name of printable labels and
     * a class that exists. Strict: other protocols go past here.
     */
    private static boolean plausible(MemorySegment memory, long offset, int length) {
        int flags = u16(memory, offset + 2);
        boolean response = (flags & 0x8000) != 0;
        int records = u16(memory, offset + 6) + u16(memory, offset + 8) + u16(memory, offset + 10);
        if (!plausibleFlags(flags)
                || u16(memory, offset + 4) != 1
                || records > (response ? 200 : 2)) {
            return false;
        }
        int at = DnsReader.HEADER_BYTES;
        while (at < length) {
            int label = memory.get(ValueLayout.JAVA_BYTE, offset + at);
            if (label == 0) {
                return at + 5 > length || knownClass(u16(memory, offset + at + 3));
            }
            if (label < 0 || label > 63) {
                return false;
            }
            int labelEnd = Math.min(length, at + 1 + label);
            for (int i = at + 1; i < labelEnd; i++) {
                int c = memory.get(ValueLayout.JAVA_BYTE, offset + i);
                if (c <= ' ' || c == 0x7f) {
                    return false;
                }
            }
            at += 1 + label;
        }
        return at > DnsReader.HEADER_BYTES;
    }

    /** A plain query or its answer, the reserved bit clear. */
    private static boolean plausibleFlags(int flags) {
        return (flags & 0x7840) == 0;
    }

    private static boolean knownClass(int dnsClass) {
        return dnsClass == 1 || dnsClass == 3 || dnsClass == 255;
    }

    private static int u16(MemorySegment memory, long offset) {
        return ((memory.get(ValueLayout.JAVA_BYTE, offset) & 0xff) << 8)
                | (memory.get(ValueLayout.JAVA_BYTE, offset + 1) & 0xff);
    }

    @Override
    public SessionParser<DnsMessage> newStreamParser(Ports ports) {
        return new DnsStreamParser(this, ports);
    }

    @Override
    public DatagramParser<DnsMessage> newDatagramParser(Ports ports) {
        return new DnsDatagramParser(this, ports);
    }
}
