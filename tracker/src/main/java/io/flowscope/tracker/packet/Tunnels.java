package io.flowscope.tracker.packet;

import static io.flowscope.tracker.packet.DecodeOutcome.NO_IP;
import static io.flowscope.tracker.packet.DecodeOutcome.OK;

/** Looks whether the payload of a decoded IP header is a tunnel with another IP packet in it. */
final class Tunnels {
    private static final int IPV4_IN_IP = 4;
    private static final int IPV6_IN_IP = 41;
    private static final int GRE = 47;
    private static final int MPLS_IN_IP = 137;

    private final int[] ports;
    private final Encapsulation[] kinds;

    /** One bit per port modulo 64: most ports that are no tunnel's are told by it alone. */
    private final long filter;

    Tunnels(DecoderOptions options) {
        ports = options.tunnelPorts();
        kinds = options.tunnelKinds();
        long bits = 0;
        for (int port : ports) {
            bits |= 1L << port;
        }
        filter = bits;
    }

    /** Whether either port may be a tunnel's; rarely true for others. */
    boolean mayBeTunnel(int sourcePort, int destinationPort) {
        return ((filter >>> sourcePort | filter >>> destinationPort) & 1) != 0;
    }

    /**
     * Moves the walk to the IP header inside, with what lies before it in the walk's link state.
     * The cursor is not touched: if the answer is false, the header it holds is the innermost.
     */
    boolean enter(PacketCursor cursor, LayerWalk walk) {
        int protocol = cursor.protocol;
        if (protocol == Transport.UDP) {
            return enterUdp(cursor, walk);
        }
        restart(cursor, walk);
        return switch (protocol) {
            case IPV4_IN_IP -> direct(walk, EtherTypes.IPV4, 4) == OK;
            case IPV6_IN_IP -> direct(walk, EtherTypes.IPV6, 6) == OK;
            case GRE -> Gre.enter(walk) == OK;
            case MPLS_IN_IP -> EtherTypes.mpls(walk) == OK;
            default -> false;
        };
    }

    private static void restart(PacketCursor cursor, LayerWalk walk) {
        walk.link.copyFrom(cursor.link);
        walk.overlong = cursor.overlong;
        walk.at = cursor.l4Offset;
        walk.capturedEnd = cursor.ipEnd;
        walk.wireEnd = cursor.ipWireEnd;
    }

    private static int direct(LayerWalk walk, int type, int version) {
        boolean enabled = walk.enabled(Encapsulation.IP_IN_IP);
        if (!enabled || !walk.has(1) || Wire.u8(walk.memory, walk.at) >>> 4 != version) {
            return NO_IP;
        }
        walk.link.tunnel(Encapsulation.IP_IN_IP, 0);
        return EtherTypes.follow(walk, type);
    }

    private boolean enterUdp(PacketCursor cursor, LayerWalk walk) {
        restart(cursor, walk);
        if (!walk.has(8)) {
            return false;
        }
        int addressed = Wire.i32(walk.memory, walk.at);
        if (!mayBeTunnel(addressed >>> 16, addressed)) {
            return false;
        }
        return tryPort(cursor, walk, addressed & 0xffff) || tryPort(cursor, walk, addressed >>> 16);
    }

    private boolean tryPort(PacketCursor cursor, LayerWalk walk, int port) {
        for (int i = 0; i < ports.length; i++) {
            if (ports[i] == port) {
                restart(cursor, walk);
                int length = Wire.u16(walk.memory, walk.at + 4);
                boolean sound = length == 0 || (length >= 8 && walk.narrow(walk.at + length));
                walk.at += 8;
                if (sound && UdpTunnels.enter(walk, kinds[i]) == OK) {
                    return true;
                }
            }
        }
        return false;
    }
}
