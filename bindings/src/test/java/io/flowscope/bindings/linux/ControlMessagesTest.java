package io.flowscope.bindings.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;

/** Control messages in plain memory, as a kernel might put them there. */
class ControlMessagesTest extends CallsTest {
    /** Begins a message of so much data at an offset: where the next one begins. */
    private static long put(MemorySegment control, long at, long dataBytes, int level, int type) {
        MemorySegment header = control.asSlice(at, cmsghdr.sizeof());
        cmsghdr.cmsg_len(header, ControlMessages.length(dataBytes));
        cmsghdr.cmsg_level(header, level);
        cmsghdr.cmsg_type(header, type);
        return at + ControlMessages.space(dataBytes);
    }

    @Test
    void aMessageIsFoundBehindOthersOfAnyLength() {
        for (int dataBytes = 0; dataBytes < 20; dataBytes++) {
            MemorySegment control = arena.allocate(256, 8);
            long second = put(control, 0, dataBytes, 1, 2);
            long third = put(control, second, 3, 1, 3);
            long end = put(control, third, 8, 4, 2);
            long header = ControlMessages.length(0);
            assertEquals(header, ControlMessages.find(control, end, 1, 2));
            assertEquals(second + header, ControlMessages.find(control, end, 1, 3));
            assertEquals(third + header, ControlMessages.find(control, end, 4, 2));
            assertEquals(-1, ControlMessages.find(control, end, 4, 3));
            assertEquals(-1, ControlMessages.find(control, third, 4, 2));
        }
    }

    @Test
    void aLengthThatCannotBeEndsTheSearch() {
        MemorySegment control = arena.allocate(64, 8);
        put(control, put(control, 0, 8, 1, 2), 8, 4, 2);
        for (long length : new long[] {-1, 0, ControlMessages.length(0) - 1, 49}) {
            cmsghdr.cmsg_len(control, length);
            assertEquals(-1, ControlMessages.find(control, 48, 4, 2), "length " + length);
            assertEquals(-1, ControlMessages.find(control, 48, 1, 2), "length " + length);
        }
    }
}
