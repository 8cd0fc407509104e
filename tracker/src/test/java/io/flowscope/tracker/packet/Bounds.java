package io.flowscope.tracker.packet;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** What holds for every cursor, whatever was decoded. */
final class Bounds {
    private Bounds() {}

    static void check(PacketCursor cursor) {
        long begin = cursor.offset();
        long end = begin + cursor.captured();
        within(begin, cursor.ipOffset(), end);
        within(begin, cursor.ipEndOffset(), end);
        within(begin, cursor.l4Offset(), end);
        within(begin, cursor.payloadOffset(), end);
        within(begin, cursor.payloadOffset() + cursor.payloadCaptured(), end);
        assertTrue(cursor.payloadCaptured() >= 0);
        assertTrue(cursor.payloadCaptured() <= cursor.payloadLength());
        assertTrue(cursor.payloadLength() <= Math.max(cursor.captured(), cursor.length()));
        if (cursor.macOffset() >= 0) {
            within(begin, cursor.macOffset(), end);
        }
        // These read memory; outside it they would throw.
        cursor.sourceMac();
        cursor.destinationMac();
        cursor.timeToLive();
        cursor.trafficClass();
        cursor.flowLabel();
        cursor.tcpOptions().timestampValue();
        if (cursor.fragmented()) {
            cursor.fragmentSourceHigh();
            cursor.fragmentSourceLow();
            cursor.fragmentDestinationHigh();
            cursor.fragmentDestinationLow();
            within(begin, cursor.fragmentDataOffset(), end);
        }
    }

    private static void within(long begin, long position, long end) {
        assertTrue(position >= begin && position <= end, () -> begin + " " + position + " " + end);
    }
}
