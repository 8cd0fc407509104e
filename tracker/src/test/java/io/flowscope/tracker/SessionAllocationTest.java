package io.flowscope.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;

import io.flowscope.tracker.model.PacketBatch;
import io.flowscope.tracker.model.TestPacket;
import io.flowscope.tracker.model.TestPacket.Endpoint;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.SessionProtocol;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** A flow whose parser is done, takes the bytes as they are, or was never found, costs nothing. */
@Tag("unchecked")
class SessionAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUND = 2_000;
    private static final int ROUNDS = 14;
    private static final int BYTES = 40;
    private static final Endpoint CLIENT = new Endpoint(false, 1, 40_000);
    private static final Endpoint SERVER = new Endpoint(false, 2, 7_007);

    private record Taking(ParserStatus answer) implements SessionProtocol<String> {
        @Override
        public String name() {
            return "taking";
        }

        @Override
        public ParserFactory<String> newFactory() {
            ParserStatus each = answer;
            return new ParserFactory<>() {
                @Override
                public SessionParser<String> newStreamParser(Ports ports) {
                    return new SessionParser<>() {
                        @Override
                        public ParserStatus onBytes(
                                Side side,
                                MemorySegment memory,
                                long offset,
                                int length,
                                long nanos,
                                MessageSink<? super String> sink) {
                            return each;
                        }
                    };
                }
            };
        }
    }

    /** A connection whose two sides send in turn, without a hole. */
    private static List<TestPacket> talk() {
        List<TestPacket> packets = new ArrayList<>();
        packets.add(TestPacket.tcp(CLIENT, SERVER, TestPacket.SYN).seq(0));
        packets.add(TestPacket.tcp(SERVER, CLIENT, TestPacket.SYN | TestPacket.ACK).seq(0).ack(1));
        int[] next = {1, 1};
        while (packets.size() < ROUND * ROUNDS) {
            int side = packets.size() & 1;
            packets.add(
                    TestPacket.tcp(
                                    side == 0 ? CLIENT : SERVER,
                                    side == 0 ? SERVER : CLIENT,
                                    TestPacket.ACK)
                            .seq(next[side])
                            .ack(next[1 - side])
                            .data(BYTES));
            next[side] += BYTES;
        }
        for (int i = 0; i < packets.size(); i++) {
            packets.get(i).at(1_700_000_000_000_000_000L + i * 1_000_000L);
        }
        return packets;
    }

    private static long allocated(SessionOptions sessions) {
        TrackerOptions options = TrackerOptions.builder().maxFlows(64).sessions(sessions).build();
        try (Arena arena = Arena.ofConfined();
                FlowTracker tracker = new FlowTracker(options)) {
            PacketBatch batch = new PacketBatch(arena, talk());
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                MemorySegment descriptors =
                        batch.descriptors.asSlice((long) round * ROUND * PacketDescriptor.BYTES);
                long before = THREADS.getCurrentThreadAllocatedBytes();
                tracker.trackBatch(batch.memory, descriptors, ROUND);
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            assertEquals(1, tracker.sessionStatistics().opened());
            assertEquals(1, tracker.counters().created());
            return least;
        }
    }

    private static SessionOptions taking(ParserStatus answer) {
        return SessionOptions.builder()
                .protocol(new Taking(answer))
                .binding((tcp, ports) -> "taking")
                .build();
    }

    @Test
    void aParserThatTakesBytesAsTheyAreAllocatesNothing() {
        assertEquals(0, allocated(taking(ParserStatus.CONTINUE)));
    }

    @Test
    void aParserThatIsDoneAllocatesNothing() {
        assertEquals(0, allocated(taking(ParserStatus.DONE)));
        assertEquals(0, allocated(taking(ParserStatus.FAILED)));
    }

    @Test
    void aFlowOfNoKnownProtocolAllocatesNothing() {
        assertEquals(0, allocated(SessionOptions.defaults()));
    }
}
