package io.flowscope.tracker.session;

/**
 * The two ports of the flow that a parser is made for.
 *
 * @param initiator the port of the side that opened the flow
 * @param responder the port of the side that answered
 */
public record Ports(int initiator, int responder) {
    /** Whether either side uses this port. */
    public boolean either(int port) {
        return initiator == port || responder == port;
    }
}
