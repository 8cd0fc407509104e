package io.flowscope.capture;

import java.io.IOException;

/** Classic pcap in the machine's byte order; see {@link PcapRecords}. */
final class PcapLayout implements RecordLayout {
    private static final int RECORD_HEADER_BYTES = 16;
    private static final int VERSION_MAJOR = 2;
    private static final int VERSION_MINOR = 4;

    private final boolean nanoseconds;
    private final int snapLength;
    private int linkType;

    PcapLayout(boolean nanoseconds, int snapLength) {
        this.nanoseconds = nanoseconds;
        this.snapLength = snapLength;
    }

    @Override
    public void begin(WriteBuffer out, int fileLinkType) throws IOException {
        linkType = fileLinkType;
        out.ensure(PcapRecords.FILE_HEADER_BYTES);
        out.putInt(nanoseconds ? PcapRecords.NANOSECONDS : PcapRecords.MICROSECONDS);
        out.putShort(VERSION_MAJOR);
        out.putShort(VERSION_MINOR);
        out.putInt(0);
        out.putInt(0);
        out.putInt(snapLength);
        out.putInt(fileLinkType);
    }

    /** The file header says it all. */
    @Override
    public void empty(WriteBuffer out, int fileLinkType) {}

    @Override
    public int recordBytes(Frame frame) {
        return RECORD_HEADER_BYTES + frame.captured;
    }

    @Override
    public void packet(WriteBuffer out, Frame frame) throws IOException {
        if (frame.linkType != linkType) {
            throw new CaptureException(
                    "a pcap file holds one link type: it began with "
                            + linkType
                            + " and a packet has "
                            + frame.linkType
                            + "; write pcapng");
        }
        out.ensure(RECORD_HEADER_BYTES);
        long seconds = Math.floorDiv(frame.timestampNanos, 1_000_000_000L);
        int fraction = (int) (frame.timestampNanos - seconds * 1_000_000_000L);
        out.putInt((int) seconds);
        out.putInt(nanoseconds ? fraction : fraction / 1_000);
        out.putInt(frame.captured);
        out.putInt(frame.length);
        frame.put(out);
    }

    /** pcap has no place for counters. */
    @Override
    public void statistics(
            WriteBuffer out, int interfaceNumber, CaptureStatistics counters, long timestamp) {}
}
