package io.flowscope.tracker.key;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Turns the header of a first fragment into that of the whole datagram. */
final class DatagramHeader {
    private static final int IPV6_BYTES = 40;
    private static final int AUTHENTICATION = 51;

    private DatagramHeader() {}

    /** Lets the last header before the fragment header name what followed that. */
    static void skipFragmentHeader(MemorySegment memory, long ip, int bytes, int protocol) {
        long nameAt = ip + 6;
        long at = ip + IPV6_BYTES;
        while (at + 8 <= ip + bytes) {
            int units = memory.get(JAVA_BYTE, at + 1) & 0xff;
            boolean authentication = memory.get(JAVA_BYTE, nameAt) == AUTHENTICATION;
            nameAt = at;
            at += authentication ? (units + 2) << 2 : (units + 1) << 3;
        }
        memory.set(JAVA_BYTE, nameAt, (byte) protocol);
    }

    /** Sets the length, which fits, and for IPv4 clears the fragment bits. */
    static void setLength(MemorySegment memory, long ip, int bytes) {
        boolean six = (memory.get(JAVA_BYTE, ip) & 0xf0) == 0x60;
        int length = six ? bytes - IPV6_BYTES : bytes;
        long at = ip + (six ? 4 : 2);
        memory.set(JAVA_BYTE, at, (byte) (length >>> 8));
        memory.set(JAVA_BYTE, at + 1, (byte) length);
        if (!six) {
            memory.set(JAVA_BYTE, ip + 6, (byte) 0);
            memory.set(JAVA_BYTE, ip + 7, (byte) 0);
        }
    }
}
