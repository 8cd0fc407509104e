package io.flowscope.tracker.tcp;

/** The ordinals of {@code TcpState}, for where a state is a number. */
public final class States {
    /** No SYN seen. */
    public static final int ACTIVE = 0;

    /** A SYN, no answer. */
    public static final int SYN_SENT = 1;

    /** A SYN and its answer. */
    public static final int SYN_RECEIVED = 2;

    /** The handshake is complete. */
    public static final int ESTABLISHED = 3;

    /** One side has sent its FIN. */
    public static final int FIN_WAIT = 4;

    /** Both have, and not both are acknowledged. */
    public static final int CLOSING = 5;

    /** Both FINs are acknowledged. */
    public static final int CLOSED = 6;

    /** A RST was obeyed. */
    public static final int RESET = 7;

    private States() {}
}
