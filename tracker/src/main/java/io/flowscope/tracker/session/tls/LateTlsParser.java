package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.SessionParser;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * TLS that begins in the middle of a conversation: after STARTTLS in mail, directories and chat,
 * after a database's wish for encryption, behind a proxy's greeting. What the sides say before is
 * not understood; each side's first hello is searched for, and read from there on.
 *
 * <pre>
 *   22 | 3, 0–4 | length 2 | 1 or 2 | 0 | length 2 | 3, 0–4
 *   record                 | hello                 | version
 * </pre>
 *
 * <p>A side that shows none in its first 16 KiB ends the search.
 */
final class LateTlsParser implements SessionParser<TlsMessage> {
    private static final int SEARCHED_BYTES = 16 * 1024;

    private final TlsStreamParser tls;
    private final Search[] searches = {new Search(), new Search()};

    LateTlsParser(TlsStreamParser tls) {
        this.tls = tls;
    }

    /** The last bytes of a side that may be the beginning of its hello. */
    private static final class Search {
        private static final int BEGINNING_BYTES = 11;

        /** Version, random, empty session, one cipher suite, and in a client's the compression. */
        private static final int SHORTEST_HELLO = 38;

        private final byte[] beginning = new byte[BEGINNING_BYTES];
        private int filled;
        private long searched;

        boolean found() {
            return filled == BEGINNING_BYTES;
        }

        void clear() {
            filled = 0;
        }

        void add(byte next) {
            searched++;
            beginning[filled++] = next;
            while (filled > 0 && !fits()) {
                filled--;
                System.arraycopy(beginning, 1, beginning, 0, filled);
            }
        }

        private boolean fits() {
            for (int i = 0; i < filled; i++) {
                if (!fits(i, beginning[i])) {
                    return false;
                }
            }
            return true;
        }

        private boolean fits(int index, int value) {
            return switch (index) {
                case 0 -> value == 0x16;
                case 1, 9 -> value == 3;
                case 2, 10 -> value >= 0 && value <= 4;
                case 3 -> value >= 0 && value <= 0x40;
                case 5 -> value == 1 || value == 2;
                case 6 -> value == 0;
                case 8 -> ((beginning[7] & 0xff) << 8 | (value & 0xff)) >= SHORTEST_HELLO;
                default -> true;
            };
        }
    }

    private Search search(Side side) {
        return searches[side == Side.INITIATOR ? 0 : 1];
    }

    @Override
    public ParserStatus onBytes(
            Side side,
            MemorySegment memory,
            long offset,
            int length,
            long timestampNanos,
            MessageSink<? super TlsMessage> sink) {
        Search search = search(side);
        if (search.found()) {
            return tls.onBytes(side, memory, offset, length, timestampNanos, sink);
        }
        int at = 0;
        while (at < length && !search.found()) {
            if (search.searched == SEARCHED_BYTES) {
                return tls.onGap(side, length - (long) at, timestampNanos, sink);
            }
            search.add(memory.get(ValueLayout.JAVA_BYTE, offset + at++));
        }
        if (!search.found()) {
            return ParserStatus.CONTINUE;
        }
        MemorySegment beginning = MemorySegment.ofArray(search.beginning);
        ParserStatus status =
                tls.onBytes(side, beginning, 0, search.beginning.length, timestampNanos, sink);
        return status == ParserStatus.CONTINUE && at < length
                ? tls.onBytes(side, memory, offset + at, length - at, timestampNanos, sink)
                : status;
    }

    @Override
    public ParserStatus onGap(
            Side side,
            long lengthBytes,
            long timestampNanos,
            MessageSink<? super TlsMessage> sink) {
        Search search = search(side);
        if (search.found()) {
            return tls.onGap(side, lengthBytes, timestampNanos, sink);
        }
        search.clear();
        return ParserStatus.CONTINUE;
    }

    @Override
    public ParserStatus onEnd(
            Side side, long timestampNanos, MessageSink<? super TlsMessage> sink) {
        return tls.onEnd(side, timestampNanos, sink);
    }

    @Override
    public long heldBytes() {
        return tls.heldBytes();
    }

    @Override
    public String failure() {
        return tls.failure();
    }

    @Override
    public void close() {
        tls.close();
    }
}
