package io.flowscope.tracker.key;

/**
 * A key to keep: immutable, equal if the flows' keys are, readable.
 *
 * @param kind what it is made of
 * @param word0 first word, as {@link KeyBuffer} lays it out
 * @param word1 second word
 * @param word2 third word
 * @param word3 fourth word
 * @param word4 fifth word
 * @param tag the user's tag, 0 for none
 */
public record FlowKey(
        Kind kind, long word0, long word1, long word2, long word3, long word4, int tag) {
    /** What a key is made of. */
    public enum Kind {
        /** Protocol and two IPv4 endpoints. */
        IPV4,
        /** Protocol and two IPv6 endpoints. */
        IPV6,
        /** Two IPv4 addresses. */
        IPV4_PAIR,
        /** Two IPv6 addresses. */
        IPV6_PAIR,
        /** Two MAC addresses. */
        MAC_PAIR,
        /** Bytes that the user's extractor wrote. */
        CUSTOM
    }

    /** Keeps the key in a buffer; {@code custom} is what its extractor says of itself. */
    public static FlowKey of(KeyBuffer key, boolean custom) {
        return of(key.word0, key.word1, key.word2, key.word3, key.word4, key.tag, custom);
    }

    /** Keeps a key that a table kept; {@code custom} is what its extractor says of itself. */
    public static FlowKey of(
            long word0, long word1, long word2, long word3, long word4, int tag, boolean custom) {
        Kind kind = custom ? Kind.CUSTOM : kind((int) word0 & 15);
        return new FlowKey(kind, word0, word1, word2, word3, word4, tag);
    }

    private static Kind kind(int bits) {
        return switch (bits) {
            case KeyBuffer.IPV4 -> Kind.IPV4;
            case KeyBuffer.IPV6 -> Kind.IPV6;
            case KeyBuffer.IPV4_PAIR -> Kind.IPV4_PAIR;
            case KeyBuffer.IPV6_PAIR -> Kind.IPV6_PAIR;
            case KeyBuffer.MAC_PAIR -> Kind.MAC_PAIR;
            default -> throw new IllegalArgumentException("no key has kind " + bits);
        };
    }

    /** Protocol number; 0 where the key has none. */
    public int protocol() {
        return endpoints() ? (int) (word0 >>> 24) & 0xff : 0;
    }

    /** The smaller endpoint's address, or the sender's of a directional key, as text. */
    public String a() {
        return switch (kind) {
            case IPV4, IPV4_PAIR -> IpAddress.ipv4(word1 >>> 32);
            case IPV6, IPV6_PAIR -> IpAddress.ipv6(word1, word2);
            case MAC_PAIR -> IpAddress.mac(word1);
            case CUSTOM -> "";
        };
    }

    /** The other endpoint's address as text. */
    public String b() {
        return switch (kind) {
            case IPV4, IPV4_PAIR -> IpAddress.ipv4(word1 & 0xffff_ffffL);
            case IPV6, IPV6_PAIR -> IpAddress.ipv6(word3, word4);
            case MAC_PAIR -> IpAddress.mac(word0 >>> 16);
            case CUSTOM -> "";
        };
    }

    /** Port of endpoint a; 0 where the key has none. */
    public int aPort() {
        return endpoints() ? (int) (word0 >>> 48) : 0;
    }

    /** Port of endpoint b; 0 where the key has none. */
    public int bPort() {
        return endpoints() ? (int) (word0 >>> 32) & 0xffff : 0;
    }

    /** The IPv6 flow label, 0 where the key has none. */
    public int flowLabel() {
        return endpoints() ? (int) (word0 >>> 4) & 0xf_ffff : 0;
    }

    private boolean endpoints() {
        return kind == Kind.IPV4 || kind == Kind.IPV6;
    }

    @Override
    public String toString() {
        String text =
                switch (kind) {
                    case IPV4 ->
                            protocol() + " " + a() + ":" + aPort() + " <-> " + b() + ":" + bPort();
                    case IPV6 ->
                            protocol()
                                    + (" [" + a() + "]:" + aPort())
                                    + (" <-> [" + b() + "]:" + bPort());
                    case CUSTOM ->
                            "%016x %016x %016x %016x %016x"
                                    .formatted(word0, word1, word2, word3, word4);
                    default -> a() + " <-> " + b();
                };
        String label = flowLabel() == 0 ? "" : " label " + flowLabel();
        return text + label + (tag == 0 ? "" : " tag " + Integer.toUnsignedString(tag));
    }
}
