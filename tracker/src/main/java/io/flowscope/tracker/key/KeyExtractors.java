package io.flowscope.tracker.key;

import io.flowscope.tracker.packet.PacketCursor;

/** The extractors that come with the tracker. */
public final class KeyExtractors {
    private static final KeyExtractor FIVE_TUPLE = new Transport(false);
    private static final KeyExtractor DIRECTIONAL = new Transport(true);
    private static final KeyExtractor IP_PAIR = new IpPair();
    private static final KeyExtractor MAC_PAIR = new MacPair();

    private KeyExtractors() {}

    /** Protocol and two endpoints, the same for both directions: the default. */
    public static KeyExtractor fiveTuple() {
        return FIVE_TUPLE;
    }

    /** Protocol and two endpoints, each direction a flow of its own. */
    public static KeyExtractor fiveTupleDirectional() {
        return DIRECTIONAL;
    }

    /** Two IP addresses, whatever they speak. */
    public static KeyExtractor ipPair() {
        return IP_PAIR;
    }

    /** Two MAC addresses, whatever they speak, IP or not. */
    public static KeyExtractor macPair() {
        return MAC_PAIR;
    }

    /** A five tuple, directional or not, and the IPv6 flow label, which is 0 for IPv4. */
    public static KeyExtractor flowLabel(boolean directional) {
        return new FlowLabel(directional ? DIRECTIONAL : FIVE_TUPLE);
    }

    /** Another extractor's key, told apart by a tag: the same endpoints in two networks. */
    public static KeyExtractor tagged(KeyExtractor inner, PacketTag tag) {
        return new Tagged(inner, tag);
    }

    private record Transport(boolean directional) implements KeyExtractor {
        @Override
        public boolean extract(PacketCursor packet, KeyBuffer into) {
            return directional
                    ? FiveTuple.extractDirectional(packet, into)
                    : FiveTuple.extract(packet, into);
        }

        @Override
        public boolean usesTransport() {
            return true;
        }

        @Override
        public boolean custom() {
            return false;
        }
    }

    private record FlowLabel(KeyExtractor inner) implements KeyExtractor {
        @Override
        public boolean extract(PacketCursor packet, KeyBuffer into) {
            boolean matched = inner.extract(packet, into);
            into.word0 |= (long) packet.flowLabel() << 4;
            return matched;
        }

        @Override
        public boolean usesTransport() {
            return true;
        }

        @Override
        public boolean custom() {
            return false;
        }
    }

    private record IpPair() implements KeyExtractor {
        @Override
        public boolean extract(PacketCursor packet, KeyBuffer into) {
            if (packet.ipVersion() == 4) {
                long from = packet.sourceLow();
                long to = packet.destinationLow();
                into.reversed = from > to;
                into.shortKey(
                        KeyBuffer.IPV4_PAIR, into.reversed ? to << 32 | from : from << 32 | to);
            } else {
                into.reversed =
                        FiveTuple.compare(
                                        packet.sourceHigh(),
                                        packet.sourceLow(),
                                        packet.destinationHigh(),
                                        packet.destinationLow())
                                > 0;
                FiveTuple.addresses(packet, 0, 0, 0, KeyBuffer.IPV6_PAIR, into);
            }
            return true;
        }

        @Override
        public boolean custom() {
            return false;
        }
    }

    private record MacPair() implements KeyExtractor {
        @Override
        public boolean extract(PacketCursor packet, KeyBuffer into) {
            long from = packet.sourceMac();
            long to = packet.destinationMac();
            if (from < 0 || to < 0) {
                return false;
            }
            into.reversed = from > to;
            into.shortKey(Math.max(from, to) << 16 | KeyBuffer.MAC_PAIR, Math.min(from, to));
            return true;
        }

        @Override
        public boolean acceptsUnmatched() {
            return true;
        }

        @Override
        public boolean custom() {
            return false;
        }
    }

    private record Tagged(KeyExtractor inner, PacketTag tag) implements KeyExtractor {
        @Override
        public boolean extract(PacketCursor packet, KeyBuffer into) {
            boolean matched = inner.extract(packet, into);
            // Two tags around one key are one number: what each tells apart stays apart.
            into.tag = into.tag * 0x9e37_79b1 + tag.of(packet);
            return matched;
        }

        @Override
        public boolean usesTransport() {
            return inner.usesTransport();
        }

        @Override
        public boolean acceptsUnmatched() {
            return inner.acceptsUnmatched();
        }

        @Override
        public boolean custom() {
            return inner.custom();
        }

        @Override
        public boolean tagged() {
            return true;
        }
    }
}
