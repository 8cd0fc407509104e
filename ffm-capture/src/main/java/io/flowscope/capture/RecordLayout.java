package io.flowscope.capture;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** How packets are laid out in a file that is written: one implementation per format. */
sealed interface RecordLayout permits PcapLayout, PcapngLayout {
    /** A packet to be written; a reused holder. */
    final class Frame {
        MemorySegment memory = MemorySegment.NULL;
        long offset;
        long timestampNanos;

        /** Bytes of the memory that are to be written. */
        int present;

        /** Bytes to be written, the tag included. */
        int captured;

        int length;
        int linkType;
        int direction;
        int interfaceNumber;

        /** Where the tag goes; -1 if there is none. */
        int tagAt;

        int tagProtocol;
        int tagControl;

        /** Writes the frame's bytes with the tag in its place. */
        void put(WriteBuffer out) throws IOException {
            if (tagAt < 0) {
                out.put(memory, offset, present);
                return;
            }
            out.put(memory, offset, tagAt);
            out.ensure(4);
            out.putByte(tagProtocol >>> 8);
            out.putByte(tagProtocol);
            out.putByte(tagControl >>> 8);
            out.putByte(tagControl);
            out.put(memory, offset + tagAt, present - tagAt);
        }
    }

    /** Begins a file. */
    void begin(WriteBuffer out, int linkType) throws IOException;

    /** Writes what a file without packets needs to be taken for a capture by all programs. */
    void empty(WriteBuffer out, int linkType) throws IOException;

    /** How long the record will be, at most. */
    int recordBytes(Frame frame);

    /** Writes one packet. */
    void packet(WriteBuffer out, Frame frame) throws IOException;

    /** Writes counters of an interface, where the format has a place for them. */
    void statistics(
            WriteBuffer out, int interfaceNumber, CaptureStatistics counters, long timestampNanos)
            throws IOException;
}
