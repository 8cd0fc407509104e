package io.flowscope.tracker.session.buffer;

import io.flowscope.tracker.session.ByteText;

/**
 * Reads big-endian fields of a range, one after the other. A read beyond the end makes the cursor
 * broken: nothing remains and every read gives zero, so callers check once per structure, and a
 * loop over what remains ends.
 */
public final class WireCursor {
    private final ByteText bytes;
    private int position;
    private int end;
    private boolean broken;

    /** Reads a whole text. */
    public WireCursor(ByteText bytes) {
        this.bytes = bytes;
        this.end = bytes.length();
    }

    /** Whether a read went beyond the end. */
    public boolean broken() {
        return broken;
    }

    /** How much is left. */
    public int remaining() {
        return end - position;
    }

    /** Where the next read begins. */
    public int position() {
        return position;
    }

    private boolean has(int count) {
        if (count < 0 || count > end - position) {
            broken = true;
            position = end;
        }
        return !broken;
    }

    /** One byte. */
    public int u8() {
        return has(1) ? bytes.at(position++) : 0;
    }

    /** Two bytes. */
    public int u16() {
        return (u8() << 8) | u8();
    }

    /** Three bytes. */
    public int u24() {
        return (u16() << 8) | u8();
    }

    /** Passes over bytes. */
    public void skip(int count) {
        if (has(count)) {
            position += count;
        }
    }

    /** Bytes, sharing the text's memory. */
    public ByteText take(int count) {
        if (!has(count)) {
            return ByteText.EMPTY;
        }
        ByteText part = bytes.slice(position, count);
        position += count;
        return part;
    }
}
