package io.flowscope.tracker.packet;

import java.lang.foreign.MemorySegment;

/** Where the two addresses are in a link-layer header, by its layout. */
final class MacAddresses {
    /** Destination, then source: Ethernet. */
    static final int ETHERNET = 0;

    /** Source only, six bytes into the header: Linux cooked, version 1. */
    static final int COOKED = 1;

    /** Source only, twelve bytes into the header: Linux cooked, version 2. */
    static final int COOKED_2 = 2;

    /** By the two distribution-system bits in the second byte. */
    static final int WIRELESS = 3;

    private static final long NONE = -1;

    private MacAddresses() {}

    static long source(MemorySegment memory, long mac, int layout, long end) {
        if (mac < 0 || mac + 2 > end) {
            return NONE;
        }
        int position =
                switch (layout) {
                    case ETHERNET, COOKED -> 6;
                    case COOKED_2 -> 12;
                    default ->
                            switch (Wire.u8(memory, mac + 1) & 3) {
                                case 2 -> 16;
                                case 3 -> 24;
                                default -> 10;
                            };
                };
        return read(memory, mac + position, end);
    }

    static long destination(MemorySegment memory, long mac, int layout, long end) {
        if (mac < 0 || mac + 2 > end || layout == COOKED || layout == COOKED_2) {
            return NONE;
        }
        boolean third = layout == WIRELESS && (Wire.u8(memory, mac + 1) & 1) != 0;
        return read(memory, mac + (layout == ETHERNET ? 0 : third ? 16 : 4), end);
    }

    private static long read(MemorySegment memory, long at, long end) {
        return at + 6 > end ? NONE : Wire.u48(memory, at);
    }
}
