package io.flowscope.tracker;

import static io.flowscope.tracker.table.FlowLayout.BITS;
import static io.flowscope.tracker.table.FlowLayout.FIRST_OTHER;
import static io.flowscope.tracker.table.FlowLayout.HISTORY;
import static io.flowscope.tracker.table.FlowLayout.HOLE_START;
import static io.flowscope.tracker.table.FlowLayout.INITIAL_SEQUENCE;
import static io.flowscope.tracker.table.FlowLayout.INT;
import static io.flowscope.tracker.table.FlowLayout.LONG;
import static io.flowscope.tracker.table.FlowLayout.SHORT;
import static io.flowscope.tracker.table.FlowLayout.STARTED;
import static io.flowscope.tracker.table.FlowLayout.TIMEOUT_SHIFT;
import static io.flowscope.tracker.table.FlowLayout.VERSION;
import static io.flowscope.tracker.table.FlowLayout.VLAN;

import io.flowscope.tracker.key.FlowKey;
import io.flowscope.tracker.key.KeyBuffer;
import io.flowscope.tracker.packet.Encapsulation;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.table.FlowBits;
import io.flowscope.tracker.table.FlowTable;
import io.flowscope.tracker.table.Timeouts;
import io.flowscope.tracker.tcp.RoundTrips;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * Fills the record of a flow that starts: who opened it, which timeout it has, what its first
 * packet was wrapped in. The packet itself is counted afterwards like any other.
 */
@SuppressWarnings("EnumOrdinal") // places in an array, and bits, that never leave the process
final class NewFlows {
    private static final int SYN_ACK = 0x12;
    private static final int SYN_RST_ACK = 0x16;
    private static final Duration LONGEST = Duration.ofNanos(Timeouts.NEVER);
    private static final long NO_SCALES = 0xffL << FlowBits.SCALE_SHIFT;

    final Timeouts timeouts = new Timeouts();
    private final FlowStore store;
    private final FlowTable table;
    private final MemorySegment memory;

    /** What a new record's hot lines hold behind key and bits; beginning with the history. */
    private final MemorySegment blank;

    private final @Nullable MomentTable moments;
    private final @Nullable FlowTimeout chooser;
    private final boolean lifeCycle;
    private final boolean flips;
    private final boolean expires;
    private final long[] timeoutWords = new long[3];
    private Transport transport = Transport.OTHER;

    NewFlows(FlowStore store, Arena arena, TrackerOptions options) {
        this.store = store;
        this.table = store.table;
        this.memory = table.memory();
        this.blank = arena.allocate(table.recordBytes() - HISTORY, 8);
        blank.set(SHORT, VERSION - HISTORY, (short) -1);
        if (store.roundTrips) {
            RoundTrips.clear(blank, -HISTORY);
        }
        this.moments = store.moments;
        this.chooser = options.flowTimeout();
        this.lifeCycle = options.extractor().usesTransport();
        this.flips = options.flipSynAck();
        this.expires = options.timeouts();
        timeoutWords[Transport.TCP.ordinal()] = word(options.tcpIdle());
        timeoutWords[Transport.UDP.ordinal()] = word(options.udpIdle());
        timeoutWords[Transport.OTHER.ordinal()] = word(options.otherIdle());
    }

    /** The timeout's number where a record's history word has it. */
    private long word(Duration timeout) {
        boolean ends = expires && timeout.compareTo(LONGEST) < 0;
        long nanos = ends ? timeout.toNanos() : Timeouts.NEVER;
        return (long) timeouts.numberOf(nanos) << TIMEOUT_SHIFT;
    }

    /** The transport of the flow started last. */
    Transport transport() {
        return transport;
    }

    /** Makes the record of the flow that a packet starts. */
    int start(Lane lane, long now) {
        PacketCursor packet = lane.packet;
        KeyBuffer key = lane.key;
        int protocol = lifeCycle ? packet.protocol() : 0;
        transport = Transport.of(protocol);
        // The user's function first: it may throw.
        long timeout = timeoutWord(key, protocol);
        int record = table.insert(key, lane.hash);
        long at = table.at(record);
        // Disagrees with no packets: the record is whole when its first packet is counted.
        memory.set(SHORT, at + VERSION, (short) -1);
        VarHandle.storeStoreFence();
        MemorySegment.copy(blank, 0, memory, at + HISTORY, blank.byteSize());
        memory.set(LONG, at + HISTORY, timeout);
        long far = table.farAt(record);
        memory.set(LONG, far + STARTED, now);
        memory.set(LONG, far + FIRST_OTHER, 0);
        memory.set(INT, far + HOLE_START, 0);
        memory.set(INT, far + INITIAL_SEQUENCE, icmp(packet));
        memory.set(SHORT, at + VLAN, (short) (packet.outerVlanId() + 1));
        if (moments != null) {
            moments.clear(record);
        }
        memory.set(LONG, at + BITS, nextTurn(at) | bits(packet, key, protocol == 6));
        return record;
    }

    private long nextTurn(long at) {
        return (memory.get(LONG, at + BITS) + FlowBits.TURN_STEP) & FlowBits.TURN_MASK;
    }

    private static int icmp(PacketCursor packet) {
        int type = packet.icmpType();
        return type < 0 ? -1 : (type << 8) | (packet.icmpCode() & 0xff);
    }

    private long bits(PacketCursor packet, KeyBuffer key, boolean tcp) {
        long bits = FlowBits.LIVE;
        boolean second = key.reversed();
        if (tcp) {
            bits |= FlowBits.TCP | NO_SCALES;
            if (flips && (packet.tcpFlags() & SYN_RST_ACK) == SYN_ACK) {
                bits |= FlowBits.FLIPPED;
                second = !second;
            }
        }
        if (second) {
            bits |= FlowBits.INITIATOR_SECOND;
        }
        Encapsulation tunnel = packet.tunnel();
        if (tunnel != null) {
            bits |= (long) (tunnel.ordinal() + 1) << FlowBits.TUNNEL_SHIFT;
        }
        return bits;
    }

    private long timeoutWord(KeyBuffer key, int protocol) {
        return chooser == null ? timeoutWords[transport.ordinal()] : chosen(chooser, key, protocol);
    }

    private long chosen(FlowTimeout function, KeyBuffer key, int protocol) {
        Duration timeout = function.of(FlowKey.of(key, store.custom), protocol);
        if (timeout == null) {
            return timeoutWords[transport.ordinal()];
        }
        Duration bounded =
                timeout.compareTo(Duration.ofNanos(1)) < 0 ? Duration.ofNanos(1) : timeout;
        return word(bounded);
    }
}
