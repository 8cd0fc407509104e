package io.flowscope.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A benchmark of decoding measures decoding, not giving up. */
class FrameTest {
    @ParameterizedTest
    @EnumSource(Frame.class)
    void everyFrameIsDecodedDownToItsInnermostHeaders(Frame frame) {
        byte[] bytes = frame.bytes();
        MemorySegment memory = Arena.ofAuto().allocate(bytes.length);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        PacketCursor cursor = new PacketCursor();
        boolean matched =
                new PacketDecoder()
                        .decode(
                                memory,
                                0,
                                bytes.length,
                                bytes.length,
                                1,
                                frame.linkType().number(),
                                cursor);
        if (frame == Frame.ARP) {
            assertFalse(matched);
            return;
        }
        assertTrue(matched, () -> frame + ": " + cursor.outcome());
        if (frame == Frame.ICMP_ERROR) {
            assertEquals(3, cursor.icmpType());
            return;
        }
        assertEquals(443, cursor.destinationPort());
        assertEquals(64, cursor.payloadLength());
    }
}
