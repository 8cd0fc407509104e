package io.flowscope.tracker.packet;

import java.lang.foreign.MemorySegment;

/**
 * Where the decoder is while it goes from one header to the next, and what bounds it: the end of
 * the captured bytes and the end by the headers passed so far. One per decoder, filled anew for
 * every packet that leaves the fast path.
 */
final class LayerWalk {
    /** Headers before and between IP headers that one packet may have, tries included. */
    private static final int STEPS = 48;

    private final int enabled;
    final LinkState link = new LinkState();

    MemorySegment memory = MemorySegment.NULL;
    long at;
    long capturedEnd;
    long wireEnd;

    /** The bytes are the beginning of something longer: lengths may reach beyond the end. */
    boolean partial;

    /** No IP header was passed yet: a total length of 0 means segmentation offload. */
    boolean outermost;

    /** A header claimed more bytes than the one around it or the packet has. */
    boolean overlong;

    private int steps;

    LayerWalk(int enabledEncapsulations) {
        this.enabled = enabledEncapsulations;
    }

    void begin(MemorySegment memory, long at, long capturedEnd, long wireEnd) {
        this.memory = memory;
        this.at = at;
        this.capturedEnd = capturedEnd;
        this.wireEnd = Math.max(capturedEnd, wireEnd);
        partial = false;
        overlong = false;
        outermost = true;
        steps = STEPS;
        link.clear();
    }

    boolean enabled(Encapsulation encapsulation) {
        return (enabled & encapsulation.bit()) != 0;
    }

    /** Takes one of the steps a packet has; false if there is none left. */
    boolean step() {
        return --steps >= 0;
    }

    boolean has(long bytes) {
        return at + bytes <= capturedEnd;
    }

    /** Why {@link #has} is false: not captured, or not there at all. */
    int missing(long bytes) {
        return at + bytes <= wireEnd ? DecodeOutcome.SHORT : DecodeOutcome.BAD;
    }

    /** Narrows to the bytes before a position; false if that is beyond the end without reason. */
    boolean narrow(long end) {
        if (end > wireEnd) {
            overlong |= !partial;
            return partial;
        }
        wireEnd = end;
        capturedEnd = Math.min(capturedEnd, end);
        return true;
    }

    /**
     * What the IP header at the present position is good for. {@code strict}: nothing before it
     * says that it is IP, so its length must fit as well; otherwise a length beyond the end is
     * taken for a packet cut short.
     */
    int ip(boolean strict) {
        if (!has(1)) {
            return missing(1);
        }
        return switch (Wire.u8(memory, at) >>> 4) {
            case 4 -> ipv4(strict);
            case 6 -> ipv6(strict);
            default -> DecodeOutcome.BAD;
        };
    }

    private int ipv4(boolean strict) {
        if (!has(20)) {
            return missing(20);
        }
        int header = (Wire.u8(memory, at) & 15) << 2;
        int total = Wire.u16(memory, at + 2);
        if (total == 0 && outermost) {
            total = (int) Math.min(wireEnd - at, Integer.MAX_VALUE);
        }
        if (header < 20 || total < header || (strict && at + total > wireEnd)) {
            return DecodeOutcome.BAD;
        }
        return has(header) ? DecodeOutcome.OK : missing(header);
    }

    private int ipv6(boolean strict) {
        if (!has(40)) {
            return missing(40);
        }
        boolean beyond = at + 40 + Wire.u16(memory, at + 4) > wireEnd;
        return strict && beyond ? DecodeOutcome.BAD : DecodeOutcome.OK;
    }
}
