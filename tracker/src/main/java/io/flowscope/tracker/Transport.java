package io.flowscope.tracker;

/** A flow's transport, as metrics and timeouts tell it apart. */
public enum Transport {
    /** TCP. */
    TCP("tcp"),
    /** UDP. */
    UDP("udp"),
    /** Anything else. */
    OTHER("other");

    private final String label;

    Transport(String label) {
        this.label = label;
    }

    /** The transport of a protocol number. */
    public static Transport of(int protocol) {
        return switch (protocol) {
            case 6 -> TCP;
            case 17 -> UDP;
            default -> OTHER;
        };
    }

    /** The name in metrics and output. */
    public String label() {
        return label;
    }
}
