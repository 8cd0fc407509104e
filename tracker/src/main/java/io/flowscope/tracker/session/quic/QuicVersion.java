package io.flowscope.tracker.session.quic;

import org.jspecify.annotations.Nullable;

import java.util.HexFormat;

/** What differs between versions: the salt, the names of keys, and the numbers of packet types. */
enum QuicVersion {
    /** RFC 9001, 5.2. */
    V1("38762cf7f55934b34d179ae6a4c80cadccbb7f0a", "quic", 0),
    /** RFC 9369, 3.3. */
    V2("0dede3def700a6db819381be6e269dcbf9bd2ed9", "quicv2", 1),
    /** Drafts 29 to 32. */
    DRAFT("afbfec289993d24c9e9786f19c6111e04390a899", "quic", 0);

    private static final int VERSION_2 = 0x6b3343cf;
    private static final int FIRST_DRAFT = 0xff00001d;
    private static final int LAST_DRAFT = 0xff000020;

    private final String saltHex;
    private final String prefix;
    private final int typeShift;

    QuicVersion(String saltHex, String prefix, int typeShift) {
        this.saltHex = saltHex;
        this.prefix = prefix;
        this.typeShift = typeShift;
    }

    static @Nullable QuicVersion of(int number) {
        if (number == 1) {
            return V1;
        }
        if (number == VERSION_2) {
            return V2;
        }
        return number >= FIRST_DRAFT && number <= LAST_DRAFT ? DRAFT : null;
    }

    byte[] salt() {
        return HexFormat.of().parseHex(saltHex);
    }

    String keyLabel() {
        return prefix + " key";
    }

    String ivLabel() {
        return prefix + " iv";
    }

    String headerLabel() {
        return prefix + " hp";
    }

    private int type(int firstByte) {
        return ((firstByte >> 4 & 3) - typeShift) & 3;
    }

    boolean isInitial(int firstByte) {
        return type(firstByte) == 0;
    }

    boolean isRetry(int firstByte) {
        return type(firstByte) == 3;
    }
}
