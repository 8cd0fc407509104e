package io.flowscope.cli.sessions;

import io.flowscope.cli.output.AddressText;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.Ports;

import org.jspecify.annotations.Nullable;

/**
 * One message and whose it is. A flow's initiator is the source, whoever sent the message.
 *
 * @param file the input it was found in, null where there is only one
 * @param protocol such as "dns"
 * @param timeNanos when it was complete
 */
public record SessionRow(
        @Nullable String file,
        String protocol,
        String source,
        int sourcePort,
        String destination,
        int destinationPort,
        long timeNanos,
        Object message) {
    /**
     * The row of a message, null if it is one that is not printed: a part of another one.
     *
     * @param flow the flow it was found in
     */
    public static @Nullable SessionRow of(
            @Nullable String file, FlowView flow, long timeNanos, Object message) {
        Ports ports = new Ports(flow.port(Side.INITIATOR), flow.port(Side.RESPONDER));
        String protocol = Messages.protocol(message, ports);
        return protocol == null
                ? null
                : new SessionRow(
                        file,
                        protocol,
                        address(flow, Side.INITIATOR),
                        ports.initiator(),
                        address(flow, Side.RESPONDER),
                        ports.responder(),
                        timeNanos,
                        message);
    }

    private static String address(FlowView flow, Side side) {
        return AddressText.of(flow.ipVersion(), flow.addressHigh(side), flow.addressLow(side));
    }
}
