package io.flowscope.tracker.packet;

import static io.flowscope.tracker.packet.DecodeOutcome.BAD;
import static io.flowscope.tracker.packet.DecodeOutcome.NO_IP;

/**
 * IEEE 802.11 data frames and the headers that capture tools put before them.
 *
 * <pre>
 *   0         2        4         10        16        22       24          30        32        36
 *   | control | length | address | address | address | number | (address) | (QoS)   | (HT)    | LLC
 * </pre>
 */
final class Wireless {
    private static final int PRISM_BYTES = 144;
    private static final int AVS_MAGIC = 0x8021_1001;

    private Wireless() {}

    static int frame(LayerWalk walk, boolean padded) {
        if (!walk.has(24)) {
            return walk.missing(24);
        }
        int first = Wire.u8(walk.memory, walk.at);
        int second = Wire.u8(walk.memory, walk.at + 1);
        boolean data = (first & 0x0f) == 0x08;
        boolean empty = (first & 0x40) != 0;
        boolean encrypted = (second & 0x40) != 0;
        boolean laterFragment = (Wire.u8(walk.memory, walk.at + 22) & 15) != 0;
        walk.link.mac = walk.at;
        walk.link.macLayout = MacAddresses.WIRELESS;
        if (!data || empty || encrypted || laterFragment) {
            return NO_IP;
        }
        int header = (second & 3) == 3 ? 30 : 24;
        boolean aggregate = false;
        if ((first & 0x80) != 0) {
            if (!walk.has(header + 2)) {
                return walk.missing(header + 2);
            }
            aggregate = (Wire.u8(walk.memory, walk.at + header) & 0x80) != 0;
            header += (second & 0x80) != 0 ? 6 : 2;
        }
        if (padded) {
            header = (header + 3) & ~3;
        }
        // Of several aggregated packets the first is decoded: its addresses and length come before.
        walk.at += header + (aggregate ? 14 : 0);
        return EtherTypes.llc(walk);
    }

    /** Version, pad, little-endian length, then bit masks that say which fields follow. */
    static int radiotap(LayerWalk walk) {
        if (!walk.has(8)) {
            return walk.missing(8);
        }
        int length = Wire.u16Little(walk.memory, walk.at + 2);
        if (Wire.u8(walk.memory, walk.at) != 0 || length < 8) {
            return BAD;
        }
        if (!walk.has(length)) {
            return walk.missing(length);
        }
        boolean padded = (radiotapFlags(walk, length) & 0x20) != 0;
        walk.at += length;
        return frame(walk, padded);
    }

    /**
     * The flags field: behind all masks and, if there is one, the 8-byte clock, which is aligned.
     */
    private static int radiotapFlags(LayerWalk walk, int length) {
        int present = Wire.i32Little(walk.memory, walk.at + 4);
        if ((present & 2) == 0) {
            return 0;
        }
        int position = 8;
        for (int mask = present; mask < 0; position += 4) {
            if (position + 4 > length) {
                return 0;
            }
            mask = Wire.i32Little(walk.memory, walk.at + position);
        }
        if ((present & 1) != 0) {
            position = ((position + 7) & ~7) + 8;
        }
        return position < length ? Wire.u8(walk.memory, walk.at + position) : 0;
    }

    static int prism(LayerWalk walk) {
        if (walk.has(8) && Wire.i32(walk.memory, walk.at) == AVS_MAGIC) {
            return avs(walk);
        }
        if (!walk.has(PRISM_BYTES)) {
            return walk.missing(PRISM_BYTES);
        }
        walk.at += PRISM_BYTES;
        return frame(walk, false);
    }

    static int avs(LayerWalk walk) {
        if (!walk.has(8)) {
            return walk.missing(8);
        }
        long length = Wire.u32(walk.memory, walk.at + 4);
        if (Wire.i32(walk.memory, walk.at) != AVS_MAGIC || length < 8) {
            return BAD;
        }
        walk.at += length;
        return frame(walk, false);
    }
}
