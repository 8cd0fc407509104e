package io.flowscope.tracker.packet;

import java.util.Arrays;

/**
 * The decoder once more, written to be obviously right: copies, recursion, an exception for
 * everything that does not match. Knows Ethernet, tags, MPLS with IP, IPv4, IPv6 with extensions,
 * fragments, IP in IP, plain GRE, VXLAN and GTP-U; the random packets of the test have no others.
 */
final class ReferenceDecoder {
    /** Not matched; the outcome says why. */
    static final class Unmatched extends Exception {
        private static final long serialVersionUID = 1;
        final DecodeOutcome outcome;

        Unmatched(DecodeOutcome outcome) {
            super(outcome.name());
            this.outcome = outcome;
        }
    }

    /** What was found; positions count from the packet's first byte. */
    @SuppressWarnings("ArrayRecordComponent")
    record Result(
            int protocol,
            byte[] source,
            byte[] destination,
            int sourcePort,
            int destinationPort,
            int payloadAt,
            int payloadCaptured,
            int payloadLength,
            FragmentState fragment,
            int depth) {
        @Override
        public String toString() {
            return "%d %s:%d > %s:%d payload %d %d/%d %s depth %d"
                    .formatted(
                            protocol,
                            Arrays.toString(source),
                            sourcePort,
                            Arrays.toString(destination),
                            destinationPort,
                            payloadAt,
                            payloadCaptured,
                            payloadLength,
                            fragment,
                            depth);
        }
    }

    private final byte[] packet;

    private ReferenceDecoder(byte[] packet) {
        this.packet = packet;
    }

    /** Decodes an Ethernet frame that had {@code wire} bytes. */
    static Result decode(byte[] captured, int wire) throws Unmatched {
        int end = Math.max(wire, captured.length);
        ReferenceDecoder decoder = new ReferenceDecoder(captured);
        return decoder.ip(decoder.ethernet(0, end), end, false, FragmentState.NONE, 0);
    }

    private int u8(int at, int end) throws Unmatched {
        if (at < Math.min(packet.length, end)) {
            return packet[at] & 0xff;
        }
        throw new Unmatched(at < end ? DecodeOutcome.TRUNCATED : DecodeOutcome.MALFORMED);
    }

    /** Checks the last byte first, as a header is there or not as a whole. */
    private int u16(int at, int end) throws Unmatched {
        int low = u8(at + 1, end);
        return u8(at, end) << 8 | low;
    }

    private int ethernet(int at, int end) throws Unmatched {
        return etherType(u16(at + 12, end), at + 14, end);
    }

    private int etherType(int type, int at, int end) throws Unmatched {
        return switch (type) {
            case 0x0800, 0x86dd -> at;
            case 0x8100, 0x88a8, 0x9100 -> {
                u8(at + 3, end);
                yield etherType(u16(at + 2, end), at + 4, end);
            }
            case 0x8847 -> mpls(at, end);
            default -> throw new Unmatched(DecodeOutcome.NOT_IP);
        };
    }

    private int mpls(int from, int end) throws Unmatched {
        for (int at = from; at < from + 64; at += 4) {
            u8(at + 3, end);
            if ((packet[at + 2] & 1) != 0) {
                int version = u8(at + 4, end) >>> 4;
                if (version != 4 && version != 6) {
                    throw new Unmatched(DecodeOutcome.NOT_IP);
                }
                return at + 4;
            }
        }
        throw new Unmatched(DecodeOutcome.TOO_DEEP);
    }

    /** Only the ends of the layers around matter: captured is the packet's, wire is narrowed. */
    private Result ip(int at, int wire, boolean partial, FragmentState around, int depth)
            throws Unmatched {
        checkIp(at, wire, depth == 0);
        boolean six = u8(at, wire) >>> 4 == 6;
        int total = six ? 40 + u16(at + 4, wire) : u16(at + 2, wire);
        boolean open = six ? total == 40 && packet[at + 6] != 59 : total == 0;
        int end = open ? wire : Math.min(wire, at + total);
        int next = six ? packet[at + 6] & 0xff : packet[at + 9] & 0xff;
        int body = six ? at + 40 : at + (packet[at] & 15) * 4;
        FragmentState fragment = around;
        if (!six && (u16(at + 6, wire) & 0x3fff) != 0) {
            boolean first = (u16(at + 6, wire) & 0x1fff) == 0;
            fragment = first ? FragmentState.FIRST : FragmentState.LATER;
        }
        while (fragment != FragmentState.LATER && isExtension(next, six)) {
            u8(body + 7, end);
            int following = packet[body] & 0xff;
            int units = packet[body + 1] & 0xff;
            int length = next == 44 ? 8 : next == 51 ? (units + 2) * 4 : (units + 1) * 8;
            if (next == 44 && (u16(body + 2, end) & 0xfff9) != 0) {
                boolean first = (u16(body + 2, end) & 0xfff8) == 0;
                fragment = first ? FragmentState.FIRST : FragmentState.LATER;
            }
            u8(body + length - 1, end);
            body += length;
            next = following;
        }
        boolean cut = partial || fragment != FragmentState.NONE;
        int sourceAt = six ? at + 8 : at + 12;
        int addressBytes = six ? 16 : 4;
        byte[] source = Arrays.copyOfRange(packet, sourceAt, sourceAt + addressBytes);
        byte[] destination =
                Arrays.copyOfRange(packet, sourceAt + addressBytes, sourceAt + 2 * addressBytes);
        if (fragment != FragmentState.LATER) {
            Inner inner = tunnel(next, body, end, cut);
            if (inner != null) {
                if (depth == 7) {
                    throw new Unmatched(DecodeOutcome.TOO_DEEP);
                }
                return ip(inner.at, inner.end, cut, fragment, depth + 1);
            }
        }
        int[] l4 =
                fragment == FragmentState.LATER
                        ? new int[] {0, 0, 0, end - body}
                        : transport(next, body, end, cut);
        int captured = Math.min(end, packet.length);
        int payloadAt = Math.min(body + l4[2], captured);
        int payloadCaptured = Math.min(captured - payloadAt, Math.max(l4[3], 0));
        int payload = Math.max(l4[3], payloadCaptured);
        return new Result(
                next,
                source,
                destination,
                l4[0],
                l4[1],
                payloadAt,
                payloadCaptured,
                payload,
                fragment,
                depth);
    }

    private void checkIp(int at, int wire, boolean outermost) throws Unmatched {
        int version = u8(at, wire) >>> 4;
        if (version == 6) {
            u8(at + 39, wire);
        } else if (version == 4) {
            u8(at + 19, wire);
            int header = (packet[at] & 15) * 4;
            int total = u16(at + 2, wire);
            boolean open = total == 0 && outermost;
            if (header < 20 || (total < header && !open) || (open && wire - at < header)) {
                throw new Unmatched(DecodeOutcome.MALFORMED);
            }
            u8(at + header - 1, wire);
        } else {
            throw new Unmatched(DecodeOutcome.MALFORMED);
        }
    }

    private static boolean isExtension(int next, boolean six) {
        return next == 51
                || (six && (next == 0 || next == 43 || next == 44 || next == 60 || next == 140));
    }

    private record Inner(int at, int end) {}

    private Inner tunnel(int protocol, int at, int end, boolean cut) {
        try {
            int inner = -1;
            int innerEnd = end;
            if (protocol == 4 || protocol == 41) {
                boolean fits = u8(at, end) >>> 4 == (protocol == 4 ? 4 : 6);
                inner = fits ? at : -1;
            } else if (protocol == 47) {
                u8(at + 3, end);
                int flags = u16(at, end);
                int type = u16(at + 2, end);
                int body = at + 4;
                for (int bit : new int[] {0x8000, 0x2000, 0x1000}) {
                    body += (flags & bit) != 0 ? 4 : 0;
                }
                u8(body - 1, end);
                if ((flags & 0x4007) != 0) {
                    return null;
                }
                inner = type == 0x6558 ? ethernet(body, end) : etherType(type, body, end);
            } else if (protocol == 17) {
                u8(at + 7, end);
                int length = u16(at + 4, end);
                int port = u16(at + 2, end);
                if ((length < 8 && length != 0) || (at + length > end && !cut)) {
                    return null;
                }
                innerEnd = length == 0 ? end : Math.min(end, at + length);
                if (port == 4789) {
                    u8(at + 15, innerEnd);
                    if ((u8(at + 8, end) & 8) == 0) {
                        return null;
                    }
                    int next = u8(at + 11, end);
                    boolean bare = (u16(at + 8, end) & 0xf0ff) == 0 && u8(at + 10, end) == 0;
                    boolean generic = bare && next >= 1 && next <= 5;
                    inner =
                            switch (generic ? next : 3) {
                                case 1, 2 -> at + 16;
                                case 3 -> ethernet(at + 16, innerEnd);
                                case 5 -> mpls(at + 16, innerEnd);
                                default -> -1;
                            };
                    boolean odd = !generic && (u16(at + 8, end) & 0x77b7) != 0;
                    boolean doubtful = odd || packet[at + 15] != 0;
                    // Of a datagram's beginning nobody knows what it would fit into.
                    if (inner >= 0 && doubtful && !cut && !fits(inner, innerEnd)) {
                        return null;
                    }
                } else if (port == 2152) {
                    u8(at + 15, innerEnd);
                    int bytes = u16(at + 10, innerEnd);
                    if ((u16(at + 8, innerEnd) & 0xf7ff) != 0x30ff
                            || (at + 16 + bytes > innerEnd && !cut)) {
                        return null;
                    }
                    innerEnd = Math.min(innerEnd, at + 16 + bytes);
                    inner = at + 16;
                }
            }
            if (inner < 0) {
                return null;
            }
            checkIp(inner, innerEnd, false);
            return new Inner(inner, innerEnd);
        } catch (Unmatched none) {
            return null;
        }
    }

    private boolean fits(int ip, int end) throws Unmatched {
        checkIp(ip, end, false);
        int total = u8(ip, end) >>> 4 == 6 ? 40 + u16(ip + 4, end) : u16(ip + 2, end);
        return ip + total <= end;
    }

    /** Ports, header length, payload length by headers. */
    private int[] transport(int protocol, int at, int end, boolean cut) throws Unmatched {
        int have = Math.min(end, packet.length) - at;
        int header =
                switch (protocol) {
                    case 6 -> 20;
                    case 17, 136 -> 8;
                    case 132 -> 12;
                    case 33 -> have < 5 ? 12 : (packet[at + 4] & 0xff) * 4;
                    default -> 0;
                };
        if (protocol == 33 && header < 12) {
            throw new Unmatched(DecodeOutcome.MALFORMED);
        }
        if (header == 0) {
            int skipped = protocol == 1 || protocol == 58 ? 8 : 0;
            return new int[] {0, 0, skipped, end - at - skipped};
        }
        if (end - at < header && !cut) {
            throw new Unmatched(DecodeOutcome.MALFORMED);
        }
        if (have < 4) {
            throw new Unmatched(DecodeOutcome.TRUNCATED);
        }
        int payload = end - at - header;
        if (protocol == 6 && have >= 20) {
            header = (packet[at + 12] & 0xf0) >>> 2;
            payload = end - at - header;
            if (header < 20 || (payload < 0 && !cut)) {
                throw new Unmatched(DecodeOutcome.MALFORMED);
            }
        }
        if (protocol == 17 && have >= 6) {
            int length = u16(at + 4, end);
            if (length > 0 && length < 8) {
                throw new Unmatched(DecodeOutcome.MALFORMED);
            }
            payload = length == 0 ? payload : Math.min(payload, length - 8);
        }
        return new int[] {u16(at, end), u16(at + 2, end), header, payload};
    }
}
