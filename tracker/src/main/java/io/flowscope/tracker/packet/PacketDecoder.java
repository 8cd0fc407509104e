package io.flowscope.tracker.packet;

import io.flowscope.tracker.PacketDescriptor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Finds the headers of a packet that decide which flow it belongs to.
 *
 * <p>Ethernet, at most one tag, IPv4 without options or IPv6 without extension headers, whole TCP
 * or UDP header, no tunnel's port: that is done here in short methods which the compiler inlines.
 * Everything else starts again in {@link LinkHeaders} and goes from layer to layer.
 *
 * <p>The caller vouches that the memory holds the captured bytes; beyond that nothing in a packet
 * makes the decoder throw, read outside, or take more than a bounded number of steps. A decoder is
 * used by one thread at a time and holds no packet's address afterwards that it reads again.
 */
public final class PacketDecoder {
    private static final int ETHERNET = 1;
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Tunnels tunnels;
    private final LayerWalk walk;
    private final boolean innermost;
    private final boolean tags;
    private final boolean throughFirstFragments;
    private final int maxDepth;

    /** A decoder that looks through everything. */
    public PacketDecoder() {
        this(DecoderOptions.DEFAULT);
    }

    /** A decoder with the given options. */
    public PacketDecoder(DecoderOptions options) {
        tunnels = new Tunnels(options);
        walk = new LayerWalk(options.mask());
        innermost = !options.outermost();
        tags = walk.enabled(Encapsulation.VLAN);
        throughFirstFragments = options.throughFirstFragments();
        maxDepth = options.maxDepth();
    }

    /**
     * Decodes one packet.
     *
     * @param memory what holds the packet
     * @param offset where its first byte is
     * @param captured bytes present
     * @param length bytes on the wire
     * @param timestampNanos nanoseconds since the epoch
     * @param linkType number of the link type, see {@link LinkType}
     * @param into filled whatever the outcome
     * @return whether the packet has what a flow needs
     */
    public boolean decode(
            MemorySegment memory,
            long offset,
            int captured,
            int length,
            long timestampNanos,
            int linkType,
            PacketCursor into) {
        into.begin(memory, offset, captured, length, timestampNanos);
        into.linkType = linkType;
        into.interfaceIndex = -1;
        into.flags = 0;
        return fast(into) || layers(into);
    }

    /**
     * Decodes the packet that a descriptor tells of.
     *
     * @param memory what holds the packet
     * @param descriptors records as {@link PacketDescriptor} lays them out
     * @param at where the record begins in {@code descriptors}
     * @param into filled whatever the outcome
     * @return whether the packet has what a flow needs
     */
    public boolean decode(
            MemorySegment memory, MemorySegment descriptors, long at, PacketCursor into) {
        long lengths = pair(descriptors, at + PacketDescriptor.CAPTURED);
        into.begin(
                memory,
                descriptors.get(LONG, at + PacketDescriptor.OFFSET),
                (int) lengths,
                (int) (lengths >>> 32),
                descriptors.get(LONG, at + PacketDescriptor.TIMESTAMP));
        long origin = pair(descriptors, at + PacketDescriptor.LINK_TYPE);
        into.linkType = first((int) origin);
        into.flags = second((int) origin);
        into.interfaceIndex = (int) (origin >>> 32);
        boolean matched = fast(into) || layers(into);
        if ((into.flags & PacketDescriptor.FLAG_VLAN) != 0) {
            stripped(into, first((int) pair(descriptors, at + PacketDescriptor.VLAN_TCI)));
        }
        return matched;
    }

    /** Two ints, the first in the low half: half as many accesses. */
    private static long pair(MemorySegment descriptors, long at) {
        long pair = descriptors.get(LONG, at);
        return LITTLE ? pair : Long.rotateLeft(pair, 32);
    }

    /** The first of two unsigned shorts in an int. */
    private static int first(int shorts) {
        return LITTLE ? shorts & 0xffff : shorts >>> 16;
    }

    private static int second(int shorts) {
        return LITTLE ? shorts >>> 16 : shorts & 0xffff;
    }

    /** The tag that the kernel took out was the outermost. */
    private static void stripped(PacketCursor cursor, int tag) {
        if (!cursor.rare) {
            cursor.link.mac = cursor.macOffset();
            cursor.link.etherType = cursor.etherType();
            cursor.rare = true;
        }
        LinkState link = cursor.link;
        if (link.vlanCount++ == 0) {
            link.innerTag = tag;
        }
        link.outerTag = tag;
        if (cursor.fragment != FragmentState.WHOLE) {
            cursor.fragmentScope = cursor.fragmentScope * 31 + (tag & 0xfff);
        }
    }

    private boolean fast(PacketCursor cursor) {
        int captured = cursor.captured;
        if (cursor.linkType != ETHERNET || captured < 14 + 20) {
            return false;
        }
        MemorySegment memory = cursor.memory;
        long offset = cursor.offset;
        int type = Wire.u16(memory, offset + 12);
        if (type == EtherTypes.IPV4) {
            return FastPath.ipv4(memory, offset + 14, cursor, tunnels);
        }
        if (type == EtherTypes.IPV6) {
            return FastPath.ipv6(memory, offset + 14, cursor, tunnels);
        }
        return type == EtherTypes.VLAN && tags && tagged(memory, offset, cursor);
    }

    private boolean tagged(MemorySegment memory, long offset, PacketCursor cursor) {
        int type = Wire.u16(memory, offset + 16);
        boolean done =
                type == EtherTypes.IPV4
                        ? FastPath.ipv4(memory, offset + 18, cursor, tunnels)
                        : type == EtherTypes.IPV6
                                && FastPath.ipv6(memory, offset + 18, cursor, tunnels);
        if (done) {
            cursor.rare = true;
            cursor.link.mac = offset;
            cursor.link.etherType = type;
            cursor.link.tag(Wire.u16(memory, offset + 14));
        }
        return done;
    }

    private boolean layers(PacketCursor cursor) {
        cursor.startLayers();
        walk.begin(
                cursor.memory,
                cursor.offset,
                cursor.offset + cursor.captured,
                cursor.offset + cursor.length);
        int outcome = LinkHeaders.toIp(walk, cursor.linkType);
        if (outcome != DecodeOutcome.OK) {
            cursor.link.copyFrom(walk.link);
            return cursor.fail(outcome);
        }
        return inward(cursor);
    }

    /** From IP header to IP header, as long as the payload of one is a tunnel. */
    private boolean inward(PacketCursor cursor) {
        do {
            cursor.link.copyFrom(walk.link);
            int outcome = IpHeaders.read(cursor, walk);
            if (outcome != DecodeOutcome.OK) {
                return cursor.fail(outcome);
            }
            if (!mayLookThrough(cursor) || !tunnels.enter(cursor, walk)) {
                boolean later = cursor.fragment == FragmentState.REST;
                outcome = later ? Transport.opaque(cursor) : Transport.read(cursor, walk.partial);
                cursor.outcome = outcome;
                return outcome == DecodeOutcome.OK || cursor.fail(outcome);
            }
        } while (++cursor.depth < maxDepth);
        return cursor.fail(DecodeOutcome.DEEP);
    }

    private boolean mayLookThrough(PacketCursor cursor) {
        return innermost
                && (cursor.fragment == FragmentState.WHOLE
                        || (cursor.fragment == FragmentState.BEGIN && throughFirstFragments));
    }

    /**
     * Decodes the packet that an ICMP error quotes. Such a quotation is cut short: its lengths may
     * reach beyond the end, and with fewer than four bytes of transport header it does not match.
     *
     * @param error a decoded packet
     * @param into filled if the answer is true; another cursor than {@code error}
     * @return whether {@code error} is an ICMP or ICMPv6 error that quotes a packet with addresses
     *     and, where its protocol has them, ports
     */
    public boolean decodeQuoted(PacketCursor error, PacketCursor into) {
        if (!quotes(error) || error.fragment == FragmentState.REST) {
            return false;
        }
        long at = error.l4Offset + 8;
        copyOrigin(error, into);
        walk.begin(error.memory, at, error.ipEnd, error.ipWireEnd);
        walk.partial = true;
        walk.outermost = false;
        walk.link.copyFrom(error.link);
        int outcome = at < error.ipEnd ? walk.ip(false) : DecodeOutcome.SHORT;
        if (outcome != DecodeOutcome.OK) {
            return into.fail(outcome);
        }
        boolean six = Wire.u8(error.memory, at) >>> 4 == 6;
        walk.link.etherType = six ? EtherTypes.IPV6 : EtherTypes.IPV4;
        return inward(into);
    }

    private static boolean quotes(PacketCursor error) {
        int type = error.icmpType;
        if (error.protocol == Transport.ICMP) {
            return (type >= 3 && type <= 5) || type == 11 || type == 12;
        }
        return error.protocol == Transport.ICMP6 && type >= 1 && type <= 4;
    }

    /**
     * Decodes a datagram that was put together from fragments.
     *
     * @param memory what holds the whole datagram, beginning with its IP header
     * @param offset where the header begins
     * @param bytes length of the datagram, header included
     * @param fragment the fragment that completed it: gives time, interface, MAC header and tags,
     *     whose positions stay those in the fragment's own memory and are not offered here
     * @param into filled whatever the outcome; another cursor than {@code fragment}
     * @return whether the datagram has what a flow needs
     */
    public boolean decodeDatagram(
            MemorySegment memory,
            long offset,
            int bytes,
            PacketCursor fragment,
            PacketCursor into) {
        copyOrigin(fragment, into);
        into.memory = memory;
        into.offset = offset;
        into.captured = bytes;
        walk.begin(memory, offset, offset + bytes, offset + bytes);
        walk.link.copyFrom(fragment.link);
        walk.link.mac = -1;
        walk.link.etherType = fragment.etherType();
        into.depth = fragment.depth;
        int outcome = walk.ip(true);
        if (outcome != DecodeOutcome.OK) {
            return into.fail(outcome);
        }
        return inward(into);
    }

    private static void copyOrigin(PacketCursor from, PacketCursor into) {
        into.begin(from.memory, from.offset, from.captured, from.length, from.timestamp);
        into.linkType = from.linkType;
        into.interfaceIndex = from.interfaceIndex;
        into.flags = from.flags;
        into.startLayers();
    }
}
