package io.flowscope.tracker.session.dns;

import io.flowscope.tracker.session.ByteText;

import java.util.Arrays;

/**
 * Reads a message field by field. The first read beyond the end, or of a bad name, sets a defect;
 * from then on every read gives zero and moves nothing, so callers check once per record.
 */
final class DnsCursor {
    /** Names grow when they are decompressed; all of one message's together at most to this. */
    private static final int MAX_EXPANDED_BYTES = 256 * 1024;

    private final byte[] name = new byte[DnsName.MAX_BYTES];
    private byte[] bytes = new byte[0];
    private int end;
    private int position;
    private int expandedBytes;
    private String defect = "";

    /** Begins a message that is in the first bytes of an array. */
    void begin(byte[] message, int length) {
        bytes = message;
        end = length;
        position = 0;
        expandedBytes = 0;
        defect = "";
    }

    int position() {
        return position;
    }

    void position(int newPosition) {
        position = newPosition;
    }

    int remaining() {
        return end - position;
    }

    boolean sound() {
        return defect.isEmpty();
    }

    String defect() {
        return defect;
    }

    void fail(String reason) {
        if (defect.isEmpty()) {
            defect = reason;
        }
    }

    private boolean has(int count) {
        if (sound() && count > end - position) {
            fail("cut short");
        }
        return sound();
    }

    int u8() {
        return has(1) ? bytes[position++] & 0xff : 0;
    }

    int u16() {
        return u8() << 8 | u8();
    }

    long u32() {
        return (long) u16() << 16 | u16();
    }

    ByteText bytes(int count) {
        if (!has(count)) {
            return ByteText.EMPTY;
        }
        ByteText text = ByteText.copyOf(bytes, position, count);
        position += count;
        return text;
    }

    /** A string after its length. */
    ByteText characterString() {
        return bytes(u8());
    }

    /**
     * A name, compressed or not. A pointer must point before the labels it was reached from, which
     * rules out loops; the 255 bytes a name may have bound the work.
     */
    DnsName name() {
        int at = position;
        int floor = position;
        int after = -1;
        int length = 0;
        while (sound()) {
            if (at >= end) {
                fail("cut short");
                break;
            }
            int label = bytes[at] & 0xff;
            if (label >= 0xc0) {
                if (at + 1 >= end) {
                    fail("cut short");
                    break;
                }
                int target = ((label & 0x3f) << 8) | (bytes[at + 1] & 0xff);
                after = after < 0 ? at + 2 : after;
                if (target >= floor) {
                    fail("compression pointer that does not point back");
                    break;
                }
                at = target;
                floor = target;
            } else if (label >= 0x40) {
                fail("label of an unknown kind");
            } else if (length + 1 + label + (label == 0 ? 0 : 1) > DnsName.MAX_BYTES) {
                fail("name longer than 255 bytes");
            } else if (at + label >= end) {
                fail("cut short");
            } else {
                System.arraycopy(bytes, at, name, length, 1 + label);
                length += 1 + label;
                at += 1 + label;
                if (label == 0) {
                    position = after < 0 ? at : after;
                    return keep(length);
                }
            }
        }
        return DnsName.ROOT;
    }

    private DnsName keep(int length) {
        expandedBytes += length;
        if (expandedBytes > MAX_EXPANDED_BYTES) {
            fail("names larger than 256 KiB when decompressed");
        }
        return length == 1 || !sound() ? DnsName.ROOT : new DnsName(Arrays.copyOf(name, length));
    }
}
