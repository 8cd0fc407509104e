package io.flowscope.capture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Walks the blocks of a TPACKET_V3 ring and describes the packets in them. For one thread.
 *
 * <p>A block belongs to the kernel or to this side, as its status says:
 *
 * <pre>
 *   0        4             8       12       16           20       24
 *   +--------+-------------+-------+--------+------------+--------+---------+---
 *   | version| private area| status| packets| first packet| length| sequence| timestamps…
 *   +--------+-------------+-------+--------+------------+--------+---------+---
 * </pre>
 *
 * <p>A packet begins with its header, behind which its link address stands; {@code mac} is where
 * its first byte is, {@code next} where the next header is, both from this header on:
 *
 * <pre>
 *   0     4    8     12     16   20     24   26   28    32        36    40    48   52     56    58
 *   +-----+----+-----+------+----+------+----+----+-----+---------+-----+-----+----+------+-----+-----+
 *   | next| sec| nsec| captd| len|status| mac| net| hash| vlan tci| tpid| pad | fam| index| type| dir |
 *   +-----+----+-----+------+----+------+----+----+-----+---------+-----+-----+----+------+-----+-----+
 *   58   59     60         68
 *   +----+------+----------+
 *   | dir| length| address |
 *   +----+------+----------+
 * </pre>
 */
final class RingBlocks {
    /**
     * Packets in one batch. They and their descriptors stay in the first-level cache between the
     * walk and the handler; with many more, each of the two waits for the same memory anew.
     */
    static final int BATCH = 32;

    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle STATUS = ValueLayout.JAVA_INT.varHandle();

    private static final int STATUS_OFFSET = 8;
    private static final int PACKETS_OFFSET = 12;
    private static final int FIRST_OFFSET = 16;
    private static final int SEQUENCE_OFFSET = 24;

    private static final int OWNED_BY_KERNEL = 0;
    private static final int OWNED_BY_USER = 1;

    /** Our number for each of the kernel's packet types, four bits each, lowest first. */
    private static final long DIRECTIONS = 0x25431;

    /** The link address's length and its bytes, in the header. */
    private static final int ADDRESS_LENGTH_OFFSET = 59;

    private static final int ADDRESS_OFFSET = 60;
    private static final int MOST_ADDRESS_BYTES = 8;

    private static final int PACKET_OUTGOING = 4;
    private static final int DEFAULT_TPID = 0x8100;
    private static final int LINE_BYTES = 64;

    /** So long a packet with its header, on the average, is worth reading ahead as a whole. */
    private static final int SHORT_BYTES = 384;

    private final MemorySegment memory;
    private final MemorySegment descriptors;
    private final long blockBytes;
    private final long ringBytes;
    private final int linkType;
    private final boolean skipOutgoing;

    /** A longer frame was merged by the kernel or the adapter. */
    private int maxFrameBytes;

    private long block;
    private long packet;
    private int remaining;
    private boolean open;
    private long nextSequence;
    private long blocks;
    private long sequenceGaps;

    /** The batch that is being handled: where its first header is, and its packets, 0 if none. */
    private long batch;

    private int batchCount;

    /** How much memory the last packets described took, and how many they were. */
    private long lastBytes;

    private int lastCount;

    /** Reads ahead end here, so that the compiler keeps them. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    /** The packet whose address was asked for last, -1 if none of this batch, and its header. */
    private int asked = -1;

    private long askedAt;

    /**
     * @param memory the mapped ring, in whole blocks
     * @param descriptors room for {@link #BATCH} descriptors
     * @param skipOutgoing whether the kernel must be helped to leave out what this host sends
     */
    RingBlocks(
            MemorySegment memory,
            MemorySegment descriptors,
            int blockBytes,
            int linkType,
            boolean skipOutgoing) {
        this.memory = memory;
        this.descriptors = descriptors;
        this.blockBytes = blockBytes;
        this.ringBytes = memory.byteSize();
        this.linkType = linkType;
        this.skipOutgoing = skipOutgoing;
    }

    void maxFrameBytes(int bytes) {
        maxFrameBytes = bytes;
    }

    /** Whether {@link #fill} has something to describe now. */
    boolean isReady() {
        // Acquire pairs with the kernel's release of the block: its contents are written before.
        return open
                || ((int) STATUS.getAcquire(memory, block + STATUS_OFFSET) & OWNED_BY_USER) != 0;
    }

    long blocks() {
        return blocks;
    }

    long sequenceGaps() {
        return sequenceGaps;
    }

    /**
     * Describes the next packets of a block that is ready; they stay valid until {@link #handBack}.
     *
     * @return how many were described, 0 if all of them were skipped
     */
    int fill() {
        if (!open) {
            openBlock();
        }
        int count = Math.min(remaining, BATCH);
        long at = packet;
        readAhead(at, count);
        long out = 0;
        for (int i = 0; i < count; i++) {
            long link = memory.get(LONG, at + 52);
            long next = memory.get(LONG, at);
            if (!skipOutgoing || (link >>> 48 & 0xff) != PACKET_OUTGOING) {
                describe(at, next, link, out);
                out += PacketDescriptor.BYTES;
            }
            at += next & 0xffff_ffffL;
        }
        lastBytes = at - packet;
        lastCount = count;
        batch = packet;
        batchCount = (int) (out / PacketDescriptor.BYTES);
        asked = -1;
        packet = at;
        remaining -= count;
        return batchCount;
    }

    /**
     * Reads the memory of the next packets, if those before were short. Headers are a chain: each
     * would be waited for before the next one can be looked for, and all come from another
     * processor's cache. Of long packets most would be read in vain.
     */
    private void readAhead(long from, int count) {
        if (lastCount == 0 || lastBytes > (long) lastCount * SHORT_BYTES) {
            return;
        }
        long end = Math.min(from + lastBytes * count / lastCount, block + blockBytes);
        long sum = 0;
        for (long at = from; at < end; at += LINE_BYTES) {
            sum += memory.get(ValueLayout.JAVA_BYTE, at);
        }
        touched = sum;
    }

    /**
     * Copies the link address of a packet of the last batch, as long as it was not handed back.
     * Headers are walked anew from the last one that was asked for: who asks in order pays one step
     * each, who does not ask pays nothing.
     *
     * @return how many bytes there are
     */
    int linkAddress(int index, byte[] into) {
        if (batchCount == 0) {
            throw new IllegalStateException("no batch is being handled");
        }
        Objects.checkIndex(index, batchCount);
        if (asked < 0 || index < asked) {
            asked = 0;
            askedAt = described(batch);
        }
        while (asked < index) {
            askedAt = described(after(askedAt));
            asked++;
        }
        int there = memory.get(ValueLayout.JAVA_BYTE, askedAt + ADDRESS_LENGTH_OFFSET) & 0xff;
        int length = Math.min(Math.min(there, MOST_ADDRESS_BYTES), into.length);
        MemorySegment.copy(
                memory, ValueLayout.JAVA_BYTE, askedAt + ADDRESS_OFFSET, into, 0, length);
        return length;
    }

    /** The first header from here on that was not skipped. */
    private long described(long header) {
        long at = header;
        while (skipOutgoing && (memory.get(LONG, at + 52) >>> 48 & 0xff) == PACKET_OUTGOING) {
            at = after(at);
        }
        return at;
    }

    private long after(long header) {
        return header + (memory.get(LONG, header) & 0xffff_ffffL);
    }

    private void describe(long at, long nextAndSeconds, long link, long out) {
        long nanosAndCaptured = memory.get(LONG, at + 8);
        long lengthAndStatus = memory.get(LONG, at + 16);
        long macAndHash = memory.get(LONG, at + 24);
        long vlan = memory.get(LONG, at + 32);
        int captured = (int) (nanosAndCaptured >>> 32);
        int length = (int) lengthAndStatus;
        int flags = flags((int) (lengthAndStatus >>> 32), link, captured, length);
        long tag = 0;
        if ((flags & PacketDescriptor.FLAG_VLAN) != 0) {
            boolean tpidKnown = (lengthAndStatus >>> 32 & 1 << 6) != 0;
            tag = (vlan & 0xffff) | (tpidKnown ? vlan >>> 16 & 0xffff_0000L : DEFAULT_TPID << 16);
        }
        descriptors.set(LONG, out, at + (macAndHash & 0xffff));
        descriptors.set(
                LONG,
                out + 8,
                (nextAndSeconds >>> 32) * 1_000_000_000L + (nanosAndCaptured & 0xffff_ffffL));
        descriptors.set(LONG, out + 16, captured | (long) length << 32);
        descriptors.set(LONG, out + 24, linkType | (long) flags << 16 | link << 32);
        descriptors.set(LONG, out + 32, tag | (macAndHash & 0xffff_ffff_0000_0000L));
    }

    /** The kernel's status bits as ours. */
    private int flags(int status, long link, int captured, int length) {
        int direction = (int) (DIRECTIONS >>> ((link >>> 46) & 0x1c)) & 7;
        int merged = (length > maxFrameBytes ? 1 : 0) | (status >>> 8 & 1);
        return direction
                | (captured < length ? PacketDescriptor.FLAG_TRUNCATED : 0)
                | (status >>> 7 & 1) << 4
                | (status >>> 3 & 1) << 5
                | (status >>> 4 & 1) << 6
                | merged << 7
                | (status >>> 31) << 8;
    }

    private void openBlock() {
        remaining = memory.get(INT, block + PACKETS_OFFSET);
        packet = block + memory.get(INT, block + FIRST_OFFSET);
        long sequence = memory.get(LONG, block + SEQUENCE_OFFSET);
        if (blocks > 0 && sequence > nextSequence) {
            sequenceGaps += sequence - nextSequence;
        }
        nextSequence = sequence + 1;
        blocks++;
        open = true;
    }

    /**
     * Gives the block back to the kernel once all its packets were described.
     *
     * @return whether it was
     */
    boolean handBack() {
        batchCount = 0;
        boolean done = open && remaining == 0;
        if (done) {
            open = false;
            // Release pairs with the kernel's reading of the status: we read all of it before.
            STATUS.setRelease(memory, block + STATUS_OFFSET, OWNED_BY_KERNEL);
            block += blockBytes;
            if (block == ringBytes) {
                block = 0;
            }
        }
        return done;
    }
}
