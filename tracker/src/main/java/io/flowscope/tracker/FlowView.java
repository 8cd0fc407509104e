package io.flowscope.tracker;

import static io.flowscope.tracker.table.FlowLayout.BITS;
import static io.flowscope.tracker.table.FlowLayout.BYTE;
import static io.flowscope.tracker.table.FlowLayout.BYTES;
import static io.flowscope.tracker.table.FlowLayout.BYTES_MASK;
import static io.flowscope.tracker.table.FlowLayout.FAR_BYTES;
import static io.flowscope.tracker.table.FlowLayout.FIRST_OTHER;
import static io.flowscope.tracker.table.FlowLayout.HISTORY;
import static io.flowscope.tracker.table.FlowLayout.INITIAL_SEQUENCE;
import static io.flowscope.tracker.table.FlowLayout.INT;
import static io.flowscope.tracker.table.FlowLayout.INTERFACE;
import static io.flowscope.tracker.table.FlowLayout.LAST;
import static io.flowscope.tracker.table.FlowLayout.LONG;
import static io.flowscope.tracker.table.FlowLayout.OWNER;
import static io.flowscope.tracker.table.FlowLayout.PACKETS;
import static io.flowscope.tracker.table.FlowLayout.PACKETS_MASK;
import static io.flowscope.tracker.table.FlowLayout.PAYLOAD;
import static io.flowscope.tracker.table.FlowLayout.SHORT;
import static io.flowscope.tracker.table.FlowLayout.STARTED;
import static io.flowscope.tracker.table.FlowLayout.VLAN;
import static io.flowscope.tracker.table.FlowLayout.WINDOW;

import io.flowscope.tracker.key.FlowKey;
import io.flowscope.tracker.key.KeyBuffer;
import io.flowscope.tracker.packet.Encapsulation;
import io.flowscope.tracker.table.FlowBits;
import io.flowscope.tracker.tcp.Counters;
import io.flowscope.tracker.tcp.Letters;
import io.flowscope.tracker.tcp.RoundTrips;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * A flow in the table, seen in place: an object that is moved from record to record and copies
 * nothing. Valid during the call that handed it over, on the tracker's thread; {@link #toRecord()}
 * keeps what it shows. Methods that return numbers allocate nothing.
 */
public final class FlowView {
    private static final Encapsulation[] ENCAPSULATIONS = Encapsulation.values();
    private static final int ICMP = 1;
    private static final int ICMP6 = 58;

    private final FlowStore store;
    private final KeyBuffer key = new KeyBuffer();
    private MemorySegment memory;
    private int record = -1;
    private long at;
    private long far;
    private long bits;
    private boolean keyLoaded;

    FlowView(FlowStore store) {
        this.store = store;
        this.memory = store.table.memory();
    }

    /** Moves to a record in the table. */
    FlowView moveTo(int to) {
        record = to;
        at = store.table.at(to);
        far = store.table.farAt(to);
        bits = memory.get(LONG, at + BITS);
        keyLoaded = false;
        return this;
    }

    /** Looks at a copy instead: the record, behind it its far part, behind that its moments. */
    FlowView showCopy(MemorySegment copy, int of, int tag) {
        memory = copy;
        record = of;
        at = 0;
        far = store.table.recordBytes();
        bits = copy.get(LONG, BITS);
        store.table.loadKey(copy, at, far, tag, key);
        keyLoaded = true;
        return this;
    }

    private KeyBuffer keyWords() {
        if (!keyLoaded) {
            store.table.loadKey(record, key);
            keyLoaded = true;
        }
        return key;
    }

    /**
     * The number of the record, which is this flow's alone as long as it lives; with {@link
     * #startedNanos()} it names the flow for good.
     */
    public int slot() {
        return record;
    }

    /** The key, to keep; allocates. */
    public FlowKey key() {
        return FlowKey.of(keyWords(), store.custom);
    }

    /** Protocol number, 0 where the key has none. */
    public int protocol() {
        long word0 = keyWords().word0();
        boolean endpoints = !store.custom && ((word0 & 15) == 1 || (word0 & 15) == 2);
        return endpoints ? (int) (word0 >>> 24) & 0xff : 0;
    }

    /** The transport. */
    public Transport transport() {
        return Transport.of(protocol());
    }

    /** Whether the initiator is the key's second end. */
    public boolean initiatorIsSecond() {
        return (bits & FlowBits.INITIATOR_SECOND) != 0;
    }

    /** Whether the first packet was a SYN-ACK, whose receiver was taken for the initiator. */
    public boolean flipped() {
        return (bits & FlowBits.FLIPPED) != 0;
    }

    /** 4 or 6; 0 where the key has no IP addresses. */
    public int ipVersion() {
        if (store.custom) {
            return 0;
        }
        return switch ((int) keyWords().word0() & 15) {
            case 1, 3 -> 4;
            case 2, 4 -> 6;
            default -> 0;
        };
    }

    /** High 64 bits of a side's IPv6 address, else 0. */
    public long addressHigh(Side side) {
        KeyBuffer words = keyWords();
        return ipVersion() == 6 ? isSecond(side) ? words.word3() : words.word1() : 0;
    }

    /** Low 64 bits of a side's IPv6 address, its IPv4 address as an unsigned number, else 0. */
    public long addressLow(Side side) {
        KeyBuffer words = keyWords();
        return switch (ipVersion()) {
            case 4 -> isSecond(side) ? words.word1() & 0xffff_ffffL : words.word1() >>> 32;
            case 6 -> isSecond(side) ? words.word4() : words.word2();
            default -> 0;
        };
    }

    /** A side's port, 0 where the key has none. */
    public int port(Side side) {
        int kind = (int) keyWords().word0() & 15;
        if (store.custom || (kind != 1 && kind != 2)) {
            return 0;
        }
        return (int) (key.word0() >>> (isSecond(side) ? 32 : 48)) & 0xffff;
    }

    private static int number(Side side) {
        return side == Side.INITIATOR ? 0 : 1;
    }

    private boolean isSecond(Side side) {
        return (side == Side.INITIATOR) == initiatorIsSecond();
    }

    /** Time of the first packet, nanoseconds since the epoch. */
    public long startedNanos() {
        return memory.get(LONG, far + STARTED);
    }

    /** Time of the last packet; never before the first, even where a clock was set back. */
    public long lastSeenNanos() {
        long last = Math.max(memory.get(LONG, at + LAST), memory.get(LONG, at + LAST + 8));
        return Math.max(last, startedNanos());
    }

    /** From the first packet to the last. */
    public long durationNanos() {
        return Math.max(0, lastSeenNanos() - startedNanos());
    }

    /** Time of a side's first packet, 0 if there is none. */
    public long firstNanos(Side side) {
        boolean sentFirst = (side == Side.RESPONDER) == flipped();
        return memory.get(LONG, far + (sentFirst ? STARTED : FIRST_OTHER));
    }

    /** Time of a side's last packet, 0 if there is none. */
    public long lastNanos(Side side) {
        return Math.max(memory.get(LONG, at + LAST + 8L * number(side)), firstNanos(side));
    }

    /** Packets that a side has sent. */
    public long packets(Side side) {
        return memory.get(LONG, at + PACKETS + 8L * number(side)) & PACKETS_MASK;
    }

    /** Packets of both sides. */
    public long packets() {
        return packets(Side.INITIATOR) + packets(Side.RESPONDER);
    }

    /** Bytes on the wire that a side has sent, link layer included. */
    public long bytes(Side side) {
        return memory.get(LONG, at + BYTES + 8L * number(side)) & BYTES_MASK;
    }

    /** Bytes on the wire of both sides. */
    public long bytes() {
        return bytes(Side.INITIATOR) + bytes(Side.RESPONDER);
    }

    /** Bytes behind the transport header that a side has sent. */
    public long payloadBytes(Side side) {
        return memory.get(LONG, at + PAYLOAD + 8L * number(side)) & BYTES_MASK;
    }

    /** TCP segments that a side has sent again. */
    public long retransmissions(Side side) {
        return counter(Counters.RETRANSMISSIONS, side);
    }

    /** TCP segments of a side later than their successors. */
    public long outOfOrder(Side side) {
        return counter(Counters.OUT_OF_ORDER, side);
    }

    /** TCP acknowledgments that a side has repeated while data was in flight. */
    public long duplicateAcks(Side side) {
        return counter(Counters.DUPLICATE_ACKS, side);
    }

    /** TCP segments in which a side has announced a window of zero. */
    public long zeroWindows(Side side) {
        return counter(Counters.ZERO_WINDOWS, side);
    }

    private long counter(int kind, Side side) {
        return Counters.get(memory, store.carries, record, at, bits, kind, number(side));
    }

    /** The last TCP window that a side has announced, as sent. */
    public int window(Side side) {
        return (memory.get(SHORT, at + WINDOW + 2L * number(side)) & 0xffff);
    }

    /** The interface of a side's first packet, -1 if unknown. */
    public int interfaceIndex(Side side) {
        return store.interfaces.index((memory.get(BYTE, at + INTERFACE + number(side)) & 0xff));
    }

    /** TCP state; {@link TcpState#ACTIVE} for other protocols. */
    public TcpState state() {
        return TcpState.of(FlowBits.state(bits));
    }

    /**
     * Letters of what each side has shown, in order of first occurrence, upper case for the
     * initiator: S SYN, H SYN-ACK, A pure acknowledgment, D data, F FIN, R RST, T retransmission, G
     * gap, W window of zero. Allocates.
     */
    public String history() {
        return Letters.text(memory.get(LONG, at + HISTORY), bits);
    }

    /** TCP round trips; allocates. */
    public RoundTripStatistics roundTrips() {
        if (!store.roundTrips || RoundTrips.count(memory, at) == 0) {
            return RoundTripStatistics.NONE;
        }
        return new RoundTripStatistics(
                RoundTrips.count(memory, at),
                RoundTrips.min(memory, at),
                RoundTrips.max(memory, at),
                RoundTrips.sum(memory, at),
                known(RoundTrips.half(memory, at, 0)) + known(RoundTrips.half(memory, at, 1)));
    }

    private static long known(long nanos) {
        return nanos == RoundTrips.NONE ? 0 : nanos;
    }

    /** From SYN to SYN-ACK, -1 if not both were seen or it is not measured. */
    public long connectNanos() {
        long nanos = store.roundTrips ? RoundTrips.connect(memory, at) : RoundTrips.NONE;
        return nanos == RoundTrips.NONE ? -1 : nanos;
    }

    /** VLAN id of the first packet, -1 for none. */
    public int vlan() {
        return (memory.get(SHORT, at + VLAN) & 0xffff) - 1;
    }

    /** What the first packet was wrapped in, null for nothing. */
    public @Nullable Encapsulation tunnel() {
        int number = (int) (bits >>> FlowBits.TUNNEL_SHIFT) & 31;
        return number == 0 ? null : ENCAPSULATIONS[number - 1];
    }

    /** Type of an ICMP flow's first packet, -1 for other flows. */
    public int icmpType() {
        return isIcmp() ? memory.get(INT, far + INITIAL_SEQUENCE) >> 8 : -1;
    }

    /** Code of an ICMP flow's first packet, -1 for other flows. */
    public int icmpCode() {
        int both = isIcmp() ? memory.get(INT, far + INITIAL_SEQUENCE) : -1;
        return both < 0 ? -1 : both & 0xff;
    }

    private boolean isIcmp() {
        int protocol = protocol();
        return protocol == ICMP || protocol == ICMP6;
    }

    /** Whom the flow's numbers are attributed to, 0 if unknown. */
    public int owner() {
        return (memory.get(SHORT, at + OWNER) & 0xffff);
    }

    /** Says whether a side's address is this host's, for the bytes sent and received. */
    public void local(Side side, boolean isLocal) {
        bits = store.setBits(record, FlowBits.flag(FlowBits.LOCAL_SHIFT, number(side)), isLocal);
    }

    /** A number that a hook keeps with the flow; 0 at its start, and always without a hook. */
    public long hookWord() {
        return store.hookWord(record);
    }

    /** Sets {@link #hookWord()}. */
    public void hookWord(long word) {
        store.hookWord(record, word);
    }

    /** Distribution of sizes and intervals, null unless measured; allocates. */
    public @Nullable FlowMoments moments() {
        if (store.moments == null) {
            return null;
        }
        return at == 0 ? MomentTable.of(memory, far + FAR_BYTES) : store.moments.of(record);
    }

    /** What the user has attached to this flow, null for nothing. */
    public @Nullable Object attachment() {
        return store.attachment(record);
    }

    /** Attaches something to this flow, until it has ended. */
    public void attach(@Nullable Object attachment) {
        store.attach(record, attachment);
    }

    /** Whether packet, anomaly and interim events of this flow are held back. */
    public boolean paused() {
        return (bits & FlowBits.PAUSED) != 0;
    }

    /**
     * Holds back packet, anomaly and interim events of this flow; it is tracked as before, and
     * start, changes of state, messages and end are reported.
     */
    public void pause() {
        bits = store.setBits(record, FlowBits.PAUSED, true);
    }

    /** Lets this flow's events come again. */
    public void resume() {
        bits = store.setBits(record, FlowBits.PAUSED, false);
    }

    /** What a side has sent, to keep; allocates. */
    public SideStatistics side(Side side) {
        return new SideStatistics(
                packets(side),
                bytes(side),
                payloadBytes(side),
                retransmissions(side),
                outOfOrder(side),
                duplicateAcks(side),
                zeroWindows(side),
                window(side),
                firstNanos(side),
                lastNanos(side),
                interfaceIndex(side));
    }

    /** All of it, to keep; allocates. */
    public FlowRecord toRecord() {
        return toRecord(store.endReason(record));
    }

    FlowRecord toRecord(@Nullable EndReason reason) {
        return new FlowRecord(
                key(),
                protocol(),
                initiatorIsSecond(),
                flipped(),
                startedNanos(),
                lastSeenNanos(),
                side(Side.INITIATOR),
                side(Side.RESPONDER),
                state(),
                history(),
                roundTrips(),
                connectNanos(),
                vlan(),
                tunnel(),
                icmpType(),
                icmpCode(),
                moments(),
                reason);
    }
}
