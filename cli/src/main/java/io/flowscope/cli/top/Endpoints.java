package io.flowscope.cli.top;

import io.flowscope.cli.flows.Protocols;
import io.flowscope.tracker.FlowRecord;

/** Both ends of a flow in a given width: addresses are cut before ports are. */
final class Endpoints {
    private static final String BETWEEN = " > ";

    private Endpoints() {}

    static String of(FlowRecord flow, int width) {
        boolean ports = Protocols.hasPorts(flow.protocol());
        String from = PlainText.of(flow.initiatorAddress());
        String to = PlainText.of(flow.responderAddress());
        String fromPort = ports ? ":" + flow.initiatorPort() : "";
        String toPort = ports ? ":" + flow.responderPort() : "";
        int room = Math.max(0, width - BETWEEN.length());
        int fromLength = length(from, fromPort);
        int toLength = length(to, toPort);
        // The one that needs less than its half leaves the rest to the other.
        int fromRoom = Math.clamp(room - toLength, Math.ceilDiv(room, 2), room);
        int toRoom = room - Math.min(fromRoom, fromLength);
        return PlainText.cut(
                end(from, fromPort, fromRoom) + BETWEEN + end(to, toPort, toRoom), width);
    }

    private static int length(String address, String port) {
        return address.length() + port.length() + (isBracketed(address, port) ? 2 : 0);
    }

    /** Or else a port would look like one more group. */
    private static boolean isBracketed(String address, String port) {
        return !port.isEmpty() && address.contains(":");
    }

    private static String end(String address, String port, int room) {
        boolean brackets = isBracketed(address, port);
        int left = room - port.length() - (brackets ? 2 : 0);
        if (left < 1) {
            return PlainText.cut(address, room);
        }
        String cut = PlainText.cut(address, left);
        return (brackets ? "[" + cut + "]" : cut) + port;
    }
}
