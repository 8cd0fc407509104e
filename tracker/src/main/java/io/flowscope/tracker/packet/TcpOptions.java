package io.flowscope.tracker.packet;

import java.lang.foreign.MemorySegment;

/** The TCP options that a flow's bookkeeping needs, each with whether it was there. */
public final class TcpOptions {
    private static final int MAXIMUM_SEGMENT = 1;
    private static final int WINDOW_SCALE = 2;
    private static final int SACK_PERMITTED = 4;
    private static final int TIMESTAMPS = 8;
    private static final int SACK = 16;

    /** Two no-operations, kind 8, length 10: what practically every data segment carries. */
    private static final int USUAL_TIMESTAMP = 0x0101_080a;

    private int present;
    private int maximumSegment;
    private int windowScale;
    private int timestampValue;
    private int timestampEcho;

    TcpOptions() {}

    void clear() {
        present = 0;
    }

    /** Reads the options between two positions; stops at the first that lies about its length. */
    void parse(MemorySegment memory, long at, long end) {
        if (end - at == 12 && Wire.i32(memory, at) == USUAL_TIMESTAMP) {
            present = TIMESTAMPS;
            timestampValue = Wire.i32(memory, at + 4);
            timestampEcho = Wire.i32(memory, at + 8);
            return;
        }
        present = 0;
        while (at < end) {
            int kind = Wire.u8(memory, at);
            if (kind == 0) {
                return;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            int size = at + 1 < end ? Wire.u8(memory, at + 1) : 0;
            if (size < 2 || at + size > end) {
                return;
            }
            one(memory, at, kind, size);
            at += size;
        }
    }

    private void one(MemorySegment memory, long at, int kind, int size) {
        if (kind == 2 && size == 4) {
            present |= MAXIMUM_SEGMENT;
            maximumSegment = Wire.u16(memory, at + 2);
        } else if (kind == 3 && size == 3) {
            present |= WINDOW_SCALE;
            windowScale = Math.min(Wire.u8(memory, at + 2), 14);
        } else if (kind == 4 && size == 2) {
            present |= SACK_PERMITTED;
        } else if (kind == 5) {
            present |= SACK;
        } else if (kind == 8 && size == 10) {
            present |= TIMESTAMPS;
            timestampValue = Wire.i32(memory, at + 2);
            timestampEcho = Wire.i32(memory, at + 6);
        }
    }

    /** Whether a maximum segment size was announced. */
    public boolean hasMaximumSegment() {
        return (present & MAXIMUM_SEGMENT) != 0;
    }

    /** The announced maximum segment size, 0 if none. */
    public int maximumSegment() {
        return hasMaximumSegment() ? maximumSegment : 0;
    }

    /** Whether a window scale was announced. */
    public boolean hasWindowScale() {
        return (present & WINDOW_SCALE) != 0;
    }

    /** The announced shift of the window, 0 to 14; 0 if none. */
    public int windowScale() {
        return hasWindowScale() ? windowScale : 0;
    }

    /** Whether selective acknowledgments were offered. */
    public boolean sackPermitted() {
        return (present & SACK_PERMITTED) != 0;
    }

    /** Whether the segment carries selective acknowledgments. */
    public boolean hasSack() {
        return (present & SACK) != 0;
    }

    /** Whether the segment carries timestamps. */
    public boolean hasTimestamps() {
        return (present & TIMESTAMPS) != 0;
    }

    /** The sender's clock, 0 if none. */
    public int timestampValue() {
        return hasTimestamps() ? timestampValue : 0;
    }

    /** The echoed clock of the other side, 0 if none. */
    public int timestampEcho() {
        return hasTimestamps() ? timestampEcho : 0;
    }
}
