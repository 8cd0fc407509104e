package io.flowscope.tracker.packet;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * What the decoder found in one packet: a mutable view that is filled again for every packet and
 * holds none of its bytes.
 *
 * <pre>
 *   memory()  …│ MAC │ tags │ outer IP │ UDP │ VXLAN │ MAC │ IP │ options │ TCP │ payload │ trailer │…
 *   offset() ──┘                             macOffset() ──┘    │           │     │         │
 *                                                   ipOffset() ─┘           │     │         │
 *                                                             l4Offset() ───┘     │         │
 *                                                             payloadOffset() ────┘         │
 *                                                             ipEndOffset() ────────────────┘
 * </pre>
 *
 * <p>Every offset is a position in {@link #memory()}; subtract {@link #offset()} to get a position
 * in the packet. A length "by headers" can reach beyond the captured bytes, an offset or a captured
 * count never does. Accessors that are documented as reading memory are valid as long as the
 * packet's bytes are. What a header would have told is 0 (or what the accessor says) unless {@link
 * #matched()}; where the link layer alone was decoded its accessors are valid as well.
 *
 * <p>Owner and lifetime: whoever decodes owns it, one thread at a time. Keep one per lane of a
 * batch.
 */
public final class PacketCursor {
    /** {@link #icmpType()} and {@link #icmpCode()} where there is none. */
    public static final int NO_ICMP = -1;

    // As handed in.
    MemorySegment memory = MemorySegment.NULL;
    long offset;
    long timestamp;
    int captured;
    int length;
    int linkType;
    int interfaceIndex = -1;
    int flags;

    // Written for every packet.
    int outcome = DecodeOutcome.NO_IP;
    int ipVersion;
    int protocol;
    long ipOffset;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    long l4Offset;
    int sourcePort;
    int destinationPort;
    long payloadOffset;
    int payloadCaptured;
    int payloadLength;

    /** End of the IP payload, bounded by what was captured. */
    long ipEnd;

    /** End of the IP payload by headers. */
    long ipWireEnd;

    // Valid with TCP.
    boolean tcpHeader;
    int sequence;
    int acknowledgment;
    int tcpFlags;
    int window;

    // Rare: reset only if the previous packet set any of them.
    boolean rare;
    final LinkState link = new LinkState();
    boolean overlong;
    int depth;
    int fragment;
    long fragmentIpOffset;
    long fragmentDataOffset;
    int fragmentScope;
    int fragmentId;
    int fragmentProtocol;
    int fragmentOffset;
    boolean fragmentMore;
    int icmpType = NO_ICMP;
    int icmpCode = NO_ICMP;

    // TCP options, parsed when first asked for.
    boolean optionsParsed;
    final TcpOptions options = new TcpOptions();

    /** A cursor that has seen no packet yet. */
    public PacketCursor() {}

    void begin(MemorySegment memory, long offset, int captured, int length, long timestamp) {
        this.memory = memory;
        this.offset = offset;
        this.captured = captured;
        this.length = length;
        this.timestamp = timestamp;
        this.optionsParsed = false;
        this.tcpHeader = false;
        if (rare) {
            clearRare();
        }
    }

    /** Leaves the fast path: all that it leaves alone begins anew. */
    void startLayers() {
        clearRare();
        rare = true;
        tcpHeader = false;
    }

    private void clearRare() {
        rare = false;
        link.clear();
        overlong = false;
        depth = 0;
        fragment = FragmentState.WHOLE;
        fragmentIpOffset = 0;
        fragmentDataOffset = 0;
        fragmentScope = 0;
        fragmentId = 0;
        fragmentProtocol = 0;
        fragmentOffset = 0;
        fragmentMore = false;
        icmpType = NO_ICMP;
        icmpCode = NO_ICMP;
    }

    /** Forgets what a packet's headers said: what is not matched has no addresses and no ports. */
    boolean fail(int outcome) {
        this.outcome = outcome;
        ipVersion = 0;
        protocol = 0;
        ipOffset = l4Offset = payloadOffset = ipEnd = ipWireEnd = offset;
        sourceHigh = sourceLow = destinationHigh = destinationLow = 0;
        sourcePort = destinationPort = payloadCaptured = payloadLength = 0;
        fragment = FragmentState.WHOLE;
        icmpType = icmpCode = NO_ICMP;
        tcpHeader = false;
        return false;
    }

    /** The memory that holds the packet. */
    public MemorySegment memory() {
        return memory;
    }

    /** Where the packet begins. */
    public long offset() {
        return offset;
    }

    /** Bytes of the packet that are present. */
    public int captured() {
        return captured;
    }

    /** Bytes of the packet on the wire. */
    public int length() {
        return length;
    }

    /** When it was captured, nanoseconds since the epoch. */
    public long timestampNanos() {
        return timestamp;
    }

    /** The number of the link type it was decoded as; see {@link LinkType}. */
    public int linkType() {
        return linkType;
    }

    /** Kernel's interface index or the interface's number in a file, -1 if unknown. */
    public int interfaceIndex() {
        return interfaceIndex;
    }

    /**
     * The flags of the descriptor with its direction, as {@code PacketDescriptor} names the bits; 0
     * if there was no descriptor.
     */
    public int flags() {
        return flags;
    }

    /** Whether the packet has what a flow's key needs. */
    public boolean matched() {
        return outcome == DecodeOutcome.OK;
    }

    /** Matched, or why not. */
    public DecodeOutcome outcome() {
        return DecodeOutcome.of(outcome);
    }

    /** Where the innermost MAC header is around the decoded IP header, or -1. */
    public long macOffset() {
        return rare ? link.mac : ipVersion == 0 ? -1 : offset;
    }

    /** Sender's MAC address in the low 48 bits, -1 if there is none; reads memory. */
    public long sourceMac() {
        return MacAddresses.source(memory, macOffset(), link.macLayout, offset + captured);
    }

    /** Receiver's MAC address in the low 48 bits, -1 if there is none; reads memory. */
    public long destinationMac() {
        return MacAddresses.destination(memory, macOffset(), link.macLayout, offset + captured);
    }

    /** The ether type before the IP header or, if there is no IP, of what was found; 0 if none. */
    public int etherType() {
        return rare ? link.etherType : ipVersion == 0 ? 0 : ipVersion == 4 ? 0x0800 : 0x86dd;
    }

    /** Number of 802.1Q tags met on the way, the one that the kernel took out included. */
    public int vlanCount() {
        return link.vlanCount;
    }

    /** VLAN id of the first tag met, -1 if there is none. */
    public int outerVlanId() {
        return link.vlanCount == 0 ? -1 : link.outerTag & 0xfff;
    }

    /** VLAN id of the last tag before the IP header, -1 if there is none. */
    public int innerVlanId() {
        return link.vlanCount == 0 ? -1 : link.innerTag & 0xfff;
    }

    /** The last encapsulation with an identity before the IP header; null if there is none. */
    public @Nullable Encapsulation tunnel() {
        return link.tunnel;
    }

    /**
     * The identity that {@link #tunnel()} carries, unsigned: VNI, virtual subnet, TEID, GRE key or
     * call id, ERSPAN or PPPoE session, MPLS label at the bottom; 0 if it has none.
     */
    public long tunnelId() {
        return link.tunnelId;
    }

    /** How many IP headers are around the decoded one. */
    public int depth() {
        return depth;
    }

    /** 4 or 6; 0 if there is no IP. */
    public int ipVersion() {
        return ipVersion;
    }

    /** Where the IP header begins. */
    public long ipOffset() {
        return ipOffset;
    }

    /** Bytes of IP header with options or extension headers. */
    public int ipHeaderLength() {
        return (int) (l4Offset - ipOffset);
    }

    /** Where the IP payload ends, never beyond the captured bytes. */
    public long ipEndOffset() {
        return ipEnd;
    }

    /**
     * Length of the IP packet by its header; where the header says 0 (segmentation offload, jumbo
     * payload) or more than there is, what the packet had on the wire.
     */
    public int ipTotalLength() {
        return (int) (ipWireEnd - ipOffset);
    }

    /** Whether a length in a header was more than the packet had on the wire; it was cut. */
    public boolean overlong() {
        return overlong;
    }

    /** Protocol number behind all extension headers. */
    public int protocol() {
        return protocol;
    }

    /** High 64 bits of an IPv6 source; 0 for IPv4. */
    public long sourceHigh() {
        return sourceHigh;
    }

    /** Low 64 bits of an IPv6 source; an IPv4 source as an unsigned 32-bit number. */
    public long sourceLow() {
        return sourceLow;
    }

    /** High 64 bits of an IPv6 destination; 0 for IPv4. */
    public long destinationHigh() {
        return destinationHigh;
    }

    /** Low 64 bits of an IPv6 destination; an IPv4 destination as an unsigned 32-bit number. */
    public long destinationLow() {
        return destinationLow;
    }

    /** Time to live or hop limit, 0 without IP; reads memory. */
    public int timeToLive() {
        return ipVersion == 0 ? 0 : Wire.u8(memory, ipOffset + (ipVersion == 4 ? 8 : 7));
    }

    /** Type of service or traffic class, 0 without IP; reads memory. */
    public int trafficClass() {
        return switch (ipVersion) {
            case 4 -> Wire.u8(memory, ipOffset + 1);
            case 6 -> Wire.i32(memory, ipOffset) >>> 20 & 0xff;
            default -> 0;
        };
    }

    /** The 20-bit IPv6 flow label, 0 for IPv4; reads memory. */
    public int flowLabel() {
        return ipVersion == 6 ? Wire.i32(memory, ipOffset) & 0xf_ffff : 0;
    }

    /** Which part of a datagram this is. */
    public FragmentState fragmentState() {
        return FragmentState.of(fragment);
    }

    /** Whether this is a part of a datagram. */
    public boolean fragmented() {
        return fragment != FragmentState.WHOLE;
    }

    /** Identification of the fragmented datagram, unsigned 16 or 32 bits; 0 if it is whole. */
    public int fragmentId() {
        return fragmentId;
    }

    /** Position of this fragment's bytes in its datagram. */
    public int fragmentOffset() {
        return fragmentOffset;
    }

    /** Whether fragments follow behind this one. */
    public boolean fragmentMore() {
        return fragmentMore;
    }

    /**
     * Where the fragmented IP header begins: {@link #ipOffset()} or, where the first fragment of a
     * tunnel's datagram was looked through, the header around it. The position is in {@link
     * #memory()}.
     */
    public long fragmentIpOffset() {
        return fragmentIpOffset;
    }

    /** Where this fragment's part of the datagram begins, behind the IP or fragment header. */
    public long fragmentDataOffset() {
        return fragmentDataOffset;
    }

    /** High 64 bits of the fragmented datagram's source, 0 for IPv4; reads memory. */
    public long fragmentSourceHigh() {
        return fragmentIpv6() ? Wire.i64(memory, fragmentIpOffset + 8) : 0;
    }

    /** Low bits of the fragmented datagram's source; reads memory. */
    public long fragmentSourceLow() {
        return fragmentIpv6()
                ? Wire.i64(memory, fragmentIpOffset + 16)
                : Wire.u32(memory, fragmentIpOffset + 12);
    }

    /** High 64 bits of the fragmented datagram's destination, 0 for IPv4; reads memory. */
    public long fragmentDestinationHigh() {
        return fragmentIpv6() ? Wire.i64(memory, fragmentIpOffset + 24) : 0;
    }

    /** Low bits of the fragmented datagram's destination; reads memory. */
    public long fragmentDestinationLow() {
        return fragmentIpv6()
                ? Wire.i64(memory, fragmentIpOffset + 32)
                : Wire.u32(memory, fragmentIpOffset + 16);
    }

    /** Whether the fragmented datagram is IPv6; reads memory. */
    public boolean fragmentIpv6() {
        return Wire.u8(memory, fragmentIpOffset) >>> 4 == 6;
    }

    /** Differs where interface, VLAN tags or tunnel around the fragmented datagram differ. */
    public int fragmentScope() {
        return fragmentScope;
    }

    /** Protocol of the fragmented datagram's payload, the same in all its fragments. */
    public int fragmentProtocol() {
        return fragmentProtocol;
    }

    /** Where the transport header begins. */
    public long l4Offset() {
        return l4Offset;
    }

    /** Sender's port; 0 for protocols without ports and for later fragments. */
    public int sourcePort() {
        return sourcePort;
    }

    /** Receiver's port; 0 for protocols without ports and for later fragments. */
    public int destinationPort() {
        return destinationPort;
    }

    /** Where the payload of the transport begins; within the captured bytes or at their end. */
    public long payloadOffset() {
        return payloadOffset;
    }

    /** Payload bytes that are present. */
    public int payloadCaptured() {
        return payloadCaptured;
    }

    /** Payload bytes by headers. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Whether TCP's fixed header is there; what follows is 0 without it. */
    public boolean hasTcpHeader() {
        return tcpHeader;
    }

    /** TCP sequence number. */
    public int tcpSequence() {
        return tcpHeader ? sequence : 0;
    }

    /** TCP acknowledgment number. */
    public int tcpAcknowledgment() {
        return tcpHeader ? acknowledgment : 0;
    }

    /** The eight TCP flags, FIN in the lowest bit. */
    public int tcpFlags() {
        return tcpHeader ? tcpFlags : 0;
    }

    /** TCP window as sent, not scaled. */
    public int tcpWindow() {
        return tcpHeader ? window : 0;
    }

    /** The TCP options, parsed when first asked for; valid until the next packet; reads memory. */
    public TcpOptions tcpOptions() {
        if (!optionsParsed) {
            optionsParsed = true;
            if (tcpHeader) {
                options.parse(memory, l4Offset + 20, Math.min(payloadOffset, ipEnd));
            } else {
                options.clear();
            }
        }
        return options;
    }

    /** ICMP or ICMPv6 type, {@link #NO_ICMP} if there is none. */
    public int icmpType() {
        return icmpType;
    }

    /** ICMP or ICMPv6 code, {@link #NO_ICMP} if there is none. */
    public int icmpCode() {
        return icmpCode;
    }
}
