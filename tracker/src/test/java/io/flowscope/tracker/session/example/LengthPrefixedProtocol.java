package io.flowscope.tracker.session.example;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.SessionProtocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Set;

// @start region="protocol"
/** Lines of text, each behind its length in two bytes, on TCP port 7007. */
public final class LengthPrefixedProtocol implements SessionProtocol<LengthPrefixedProtocol.Line> {
    /** A message. */
    public record Line(String text) {}

    @Override
    public String name() {
        return "lines";
    }

    @Override
    public Set<Integer> tcpPorts() {
        return Set.of(7007);
    }

    @Override
    public ParserFactory<Line> newFactory() {
        return new ParserFactory<>() {
            @Override
            public SessionParser<Line> newStreamParser(Ports ports) {
                return new Parser();
            }
        };
    }

    private static final class Parser implements SessionParser<Line> {
        private static final int LONGEST = 1000;

        /** Per side, a message as far as it has come; its length cannot pass the array's. */
        private final byte[][] parts = {new byte[2 + LONGEST], new byte[2 + LONGEST]};

        private final int[] filled = new int[2];
        private String failure = "";

        @Override
        public ParserStatus onBytes(
                Side side,
                MemorySegment memory,
                long offset,
                int length,
                long timestampNanos,
                MessageSink<? super Line> sink) {
            int index = side == Side.INITIATOR ? 0 : 1;
            byte[] part = parts[index];
            int at = 0;
            while (at < length) {
                int wanted = filled[index] < 2 ? 2 : 2 + textLength(part);
                int taken = Math.min(wanted - filled[index], length - at);
                MemorySegment.copy(
                        memory, ValueLayout.JAVA_BYTE, offset + at, part, filled[index], taken);
                at += taken;
                filled[index] += taken;
                if (filled[index] >= 2 && textLength(part) > LONGEST) {
                    failure = "a line longer than " + LONGEST + " bytes";
                    return ParserStatus.FAILED;
                }
                if (filled[index] >= 2 && filled[index] == 2 + textLength(part)) {
                    String text = new String(part, 2, textLength(part), StandardCharsets.UTF_8);
                    sink.onMessage(side, timestampNanos, new Line(text));
                    filled[index] = 0;
                }
            }
            return ParserStatus.CONTINUE;
        }

        private static int textLength(byte[] part) {
            return ((part[0] & 0xff) << 8) | (part[1] & 0xff);
        }

        @Override
        public String failure() {
            return failure;
        }
    }
}
// @end
