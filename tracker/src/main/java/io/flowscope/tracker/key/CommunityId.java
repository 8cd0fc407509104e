package io.flowscope.tracker.key;

import io.flowscope.tracker.packet.PacketCursor;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Community ID, version 1: one identity of a flow for all tools that know the standard.
 *
 * <pre>
 *   "1:" + base64(SHA-1(seed 2 | smaller address | other address | protocol 1 | 0 | ports 2 + 2))
 * </pre>
 *
 * <p>ICMP's type and code take the place of ports; a type that is asked and answered has its
 * counterpart as other port, so that both directions agree; the others keep their direction. Only
 * TCP, UDP, SCTP, ICMP and ICMPv6 have ports in it. A flow of the tracker is all ICMP between two
 * hosts, and its identity that of its first packet; programs with a flow per type have more of
 * them.
 *
 * <p>Not thread-safe; allocates, so compute it once per flow.
 */
public final class CommunityId {
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMP6 = 58;
    private static final int SCTP = 132;

    private final int seed;
    private final boolean base64;
    private final MessageDigest digest;
    private final ByteBuffer input = ByteBuffer.allocate(2 + 32 + 2 + 4);

    /** Seed 0, base64: what every tool uses by default. */
    public CommunityId() {
        this(0, true);
    }

    /**
     * Another flavour.
     *
     * @param seed 0 to 65535, the same in all tools that shall agree
     * @param base64 whether the digest is written in base64, otherwise in hexadecimal
     */
    public CommunityId(int seed, boolean base64) {
        if (seed < 0 || seed > 0xffff) {
            throw new IllegalArgumentException("seed: 0 to 65535, was " + seed);
        }
        this.seed = seed;
        this.base64 = base64;
        try {
            digest = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-1", e);
        }
    }

    /** The identity of a matched packet's flow. */
    public String of(PacketCursor packet) {
        boolean icmp = packet.icmpType() >= 0;
        return of(
                packet.ipVersion() == 6,
                packet.protocol(),
                packet.sourceHigh(),
                packet.sourceLow(),
                icmp ? packet.icmpType() : packet.sourcePort(),
                packet.destinationHigh(),
                packet.destinationLow(),
                icmp ? packet.icmpCode() : packet.destinationPort());
    }

    /**
     * The identity of a flow.
     *
     * @param ipv6 whether the addresses are IPv6
     * @param protocol protocol number
     * @param sourceHigh high bits of the source, 0 for IPv4
     * @param sourceLow low bits of the source
     * @param sourcePort its port, or the ICMP type of what it sent
     * @param destinationHigh high bits of the destination, 0 for IPv4
     * @param destinationLow low bits of the destination
     * @param destinationPort its port, or the ICMP code of what the source sent
     */
    public String of(
            boolean ipv6,
            int protocol,
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            long destinationHigh,
            long destinationLow,
            int destinationPort) {
        int answer = answer(protocol, sourcePort);
        boolean oneWay = (protocol == ICMP || protocol == ICMP6) && answer < 0;
        int otherPort = answer < 0 ? destinationPort : answer;
        int order = FiveTuple.compare(sourceHigh, sourceLow, destinationHigh, destinationLow);
        boolean ports = hasPorts(protocol);
        boolean ordered = oneWay || order < 0 || (order == 0 && (!ports || sourcePort < otherPort));
        input.clear();
        input.putShort((short) seed);
        if (ordered) {
            address(ipv6, sourceHigh, sourceLow);
            address(ipv6, destinationHigh, destinationLow);
        } else {
            address(ipv6, destinationHigh, destinationLow);
            address(ipv6, sourceHigh, sourceLow);
        }
        input.put((byte) protocol).put((byte) 0);
        if (ports) {
            input.putShort((short) (ordered ? sourcePort : otherPort));
            input.putShort((short) (ordered ? otherPort : sourcePort));
        }
        return text();
    }

    private void address(boolean ipv6, long high, long low) {
        if (ipv6) {
            input.putLong(high).putLong(low);
        } else {
            input.putInt((int) low);
        }
    }

    private String text() {
        digest.update(input.array(), 0, input.position());
        byte[] hash = digest.digest();
        return "1:"
                + (base64
                        ? Base64.getEncoder().encodeToString(hash)
                        : HexFormat.of().formatHex(hash));
    }

    private static boolean hasPorts(int protocol) {
        return switch (protocol) {
            case ICMP, TCP, UDP, ICMP6, SCTP -> true;
            default -> false;
        };
    }

    /** The type that answers or asks an ICMP type, -1 if there is none. */
    private static int answer(int protocol, int type) {
        return switch (protocol) {
            case ICMP -> answer4(type);
            case ICMP6 -> answer6(type);
            default -> -1;
        };
    }

    private static int answer4(int type) {
        return switch (type) {
            case 0 -> 8;
            case 8 -> 0;
            case 9 -> 10;
            case 10 -> 9;
            case 13 -> 14;
            case 14 -> 13;
            case 15 -> 16;
            case 16 -> 15;
            case 17 -> 18;
            case 18 -> 17;
            default -> -1;
        };
    }

    private static int answer6(int type) {
        return switch (type) {
            case 128 -> 129;
            case 129 -> 128;
            case 130 -> 131;
            case 131 -> 130;
            case 133 -> 134;
            case 134 -> 133;
            case 135 -> 136;
            case 136 -> 135;
            case 139 -> 140;
            case 140 -> 139;
            case 144 -> 145;
            case 145 -> 144;
            default -> -1;
        };
    }
}
