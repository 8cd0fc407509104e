package io.flowscope.cli.flows;

import io.flowscope.cli.ipfix.Template.Field;
import io.flowscope.tracker.EndReason;

import java.nio.ByteBuffer;
import java.util.function.ToLongFunction;

/**
 * The information elements of a flow, by IANA's numbers, and where their values are. What is said
 * of the responder's packets is the reverse of what is said of the initiator's.
 */
enum IpfixField {
    SOURCE_IPV4_ADDRESS(8, 4, row -> row.sourceLow),
    DESTINATION_IPV4_ADDRESS(12, 4, row -> row.destinationLow),
    SOURCE_IPV6_ADDRESS(27, 16, row -> row.sourceLow) {
        @Override
        void put(FlowRow row, ByteBuffer to) {
            to.putLong(row.sourceHigh).putLong(row.sourceLow);
        }
    },
    DESTINATION_IPV6_ADDRESS(28, 16, row -> row.destinationLow) {
        @Override
        void put(FlowRow row, ByteBuffer to) {
            to.putLong(row.destinationHigh).putLong(row.destinationLow);
        }
    },
    PROTOCOL_IDENTIFIER(4, 1, row -> row.protocol),
    SOURCE_TRANSPORT_PORT(7, 2, row -> row.sourcePort),
    DESTINATION_TRANSPORT_PORT(11, 2, row -> row.destinationPort),
    ICMP_TYPE_CODE_IPV4(32, 2, IpfixField::icmpTypeCode),
    ICMP_TYPE_CODE_IPV6(139, 2, IpfixField::icmpTypeCode),

    /** The outermost tag of the first packet. */
    DOT1Q_VLAN_ID(243, 2, row -> row.vlan),

    /** Of both directions. */
    FLOW_START_NANOSECONDS(156, 8, row -> ntp(row.startedNanos)),

    /** Of both directions. */
    FLOW_END_NANOSECONDS(157, 8, row -> ntp(row.lastSeenNanos)),

    /** The same, for collectors that know no nanoseconds; and in every century. */
    FLOW_START_MILLISECONDS(152, 8, row -> Math.floorDiv(row.startedNanos, 1_000_000)),
    FLOW_END_MILLISECONDS(153, 8, row -> Math.floorDiv(row.lastSeenNanos, 1_000_000)),

    /** 1: the source is the initiator. */
    BIFLOW_DIRECTION(239, 1, row -> 1),
    FLOW_END_REASON(136, 1, row -> endReason(row.reason)),
    PACKET_DELTA_COUNT(2, 8, row -> row.initiator.packets),
    PACKET_DELTA_COUNT_BACK(2, 8, true, row -> row.responder.packets),

    /** IP headers and what is in them. */
    OCTET_DELTA_COUNT(1, 8, row -> row.initiator.ipBytes),
    OCTET_DELTA_COUNT_BACK(1, 8, true, row -> row.responder.ipBytes),

    /** Whole frames: bytes on the wire. */
    LAYER_2_OCTET_DELTA_COUNT(352, 8, row -> row.initiator.bytes),
    LAYER_2_OCTET_DELTA_COUNT_BACK(352, 8, true, row -> row.responder.bytes),

    /** What is behind the transport's header: payload. */
    TRANSPORT_OCTET_DELTA_COUNT(401, 8, row -> row.initiator.payload),
    TRANSPORT_OCTET_DELTA_COUNT_BACK(401, 8, true, row -> row.responder.payload),

    /** In one byte, which stands for the lower eight (RFC 7125). */
    TCP_CONTROL_BITS(6, 1, row -> row.initiator.tcpFlags),
    TCP_CONTROL_BITS_BACK(6, 1, true, row -> row.responder.tcpFlags);

    private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
    final Field field;

    @SuppressWarnings("ImmutableEnumChecker") // a function of the row alone
    private final ToLongFunction<FlowRow> value;

    IpfixField(int element, int bytes, ToLongFunction<FlowRow> value) {
        this(element, bytes, false, value);
    }

    IpfixField(int element, int bytes, boolean reverse, ToLongFunction<FlowRow> value) {
        this.field = new Field(element, bytes, reverse);
        this.value = value;
    }

    /** Writes the value, most significant byte first. */
    void put(FlowRow row, ByteBuffer to) {
        long bits = value.applyAsLong(row);
        for (int shift = 8 * field.bytes() - 8; shift >= 0; shift -= 8) {
            to.put((byte) (bits >>> shift));
        }
    }

    private static long icmpTypeCode(FlowRow row) {
        return (long) row.icmpType << 8 | row.icmpCode;
    }

    /**
     * Seconds since 1900, modulo 2^32, and their fraction in 2^-32 s; rounded up, so that whoever
     * cuts or rounds to nanoseconds has the same ones again.
     */
    static long ntp(long nanos) {
        long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND) + SECONDS_1900_TO_1970;
        long rest = Math.floorMod(nanos, NANOS_PER_SECOND);
        long fraction = ((rest << 32) + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
        return seconds << 32 | fraction;
    }

    /** 1 idle, 3 the end was seen, 4 ended by what is no packet, 5 for lack of memory. */
    static int endReason(EndReason reason) {
        return switch (reason) {
            case IDLE -> 1;
            case FIN, RST, REUSED -> 3;
            case FINISHED, PARSE_ERROR -> 4;
            case EVICTED, BUFFER_OVERFLOW -> 5;
        };
    }
}
