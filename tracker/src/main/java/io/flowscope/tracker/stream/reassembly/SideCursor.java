package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.stream.StreamView;

/** The one view that consumers see; moved to a side before each call. */
final class SideCursor implements StreamView {
    static final int STOP_SIDE = 1;
    static final int STOP = 2;
    static final int FAIL = 4;

    private final StreamRecords records;
    private final StreamHost host;
    private int side;
    private long back;

    /** What the consumer asked for during its call. */
    int request;

    SideCursor(StreamRecords records, StreamHost host) {
        this.records = records;
        this.host = host;
    }

    /**
     * @param bytesBack how far before the byte that is due its offset is
     */
    void move(int newSide, long bytesBack) {
        side = newSide;
        back = bytesBack;
        request = 0;
    }

    @Override
    public FlowView flow() {
        return host.flow(records.flow(side >> 1));
    }

    @Override
    public Side side() {
        return (side & 1) == 0 ? Side.INITIATOR : Side.RESPONDER;
    }

    @Override
    public long offset() {
        return records.next(side) - back;
    }

    @Override
    public boolean startedMidStream() {
        int flags = integer(SideRecord.FLAGS);
        return (flags & (SideRecord.ANCHORED | SideRecord.SYN_SEEN)) == SideRecord.ANCHORED;
    }

    @Override
    public long deliveredBytes() {
        return records.next(side) - number(SideRecord.GAP_BYTES) - number(SideRecord.TAKEN);
    }

    @Override
    public long duplicateBytes() {
        return number(SideRecord.DUPLICATE);
    }

    @Override
    public long oversizeBytes() {
        return number(SideRecord.OVERSIZE);
    }

    @Override
    public long outOfOrderBytes() {
        return number(SideRecord.OUT_OF_ORDER);
    }

    @Override
    public long ignoredBytes() {
        return number(SideRecord.IGNORED);
    }

    @Override
    public long gapBytes() {
        return number(SideRecord.GAP_BYTES);
    }

    @Override
    public int gaps() {
        return integer(SideRecord.GAPS);
    }

    @Override
    public long conflictBytes() {
        return number(SideRecord.CONFLICT);
    }

    @Override
    public int highWaterBytes() {
        return integer(SideRecord.HIGH_WATER);
    }

    /** Payload bytes that wait behind a hole. */
    int heldBytes() {
        return integer(SideRecord.HELD);
    }

    @Override
    public void stopSide() {
        request |= STOP_SIDE;
    }

    @Override
    public void stop() {
        request |= STOP;
    }

    @Override
    public void fail() {
        request |= FAIL;
    }

    private long number(int field) {
        return records.segment(side).get(JAVA_LONG, records.offset(side) + field);
    }

    private int integer(int field) {
        return records.segment(side).get(JAVA_INT, records.offset(side) + field);
    }
}
