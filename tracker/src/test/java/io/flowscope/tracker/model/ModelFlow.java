package io.flowscope.tracker.model;

import io.flowscope.tracker.TcpState;
import io.flowscope.tracker.model.TestPacket.Endpoint;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A flow of the model: objects and collections where the tracker has bits and offsets. */
final class ModelFlow {
    static final class Side {
        long packets;
        long bytes;
        long payload;
        long retransmissions;
        long outOfOrder;
        long duplicateAcks;
        long zeroWindows;
        int window;
        long first;
        long last;
        int interfaceIndex = -1;
        Integer next;
        Integer acknowledged;
        boolean syn;
        boolean fin;
        int scale = -1;
        Awaited awaited;
        long half = -1;

        String text() {
            return "[%d p %d b %d pl %d re %d ooo %d dup %d zw %d win %d-%d if%d]"
                    .formatted(
                            packets,
                            bytes,
                            payload,
                            retransmissions,
                            outOfOrder,
                            duplicateAcks,
                            zeroWindows,
                            window,
                            first,
                            Math.max(first, last),
                            interfaceIndex);
        }
    }

    /** A segment whose answer is timed: by acknowledgment or by echoed timestamp. */
    record Awaited(long sent, boolean byEcho, int value) {}

    /** Bytes of a side that are missing. */
    record Hole(Side side, int start, int length) {}

    /** The end of a segment too far ahead to be believed. */
    record Distant(Side side, int end) {}

    final String key;
    final int protocol;
    final Endpoint initiator;
    final Endpoint responder;
    final boolean flipped;
    final int slot;
    final Side[] sides = {new Side(), new Side()};
    final Set<String> history = new LinkedHashSet<>();
    final List<Long> samples = new ArrayList<>();
    long started;
    long timeout;
    long interim;
    TcpState state = TcpState.ACTIVE;
    int initialSequence;
    Hole hole;
    Distant distant;
    long lastSample;
    long connect = -1;
    int vlan = -1;
    String tunnel = "-";
    int icmpType = -1;
    int icmpCode = -1;

    ModelFlow(
            String key,
            int protocol,
            Endpoint initiator,
            Endpoint responder,
            boolean flipped,
            int slot) {
        this.key = key;
        this.protocol = protocol;
        this.initiator = initiator;
        this.responder = responder;
        this.flipped = flipped;
        this.slot = slot;
    }

    long lastSeen() {
        return Math.max(sides[0].last, sides[1].last);
    }

    boolean isOver() {
        return state == TcpState.CLOSED || state == TcpState.RESET;
    }

    void letter(char letter, Side side) {
        String text = String.valueOf(letter);
        history.add(side == sides[0] ? text : text.toLowerCase(Locale.ROOT));
    }

    Side other(Side side) {
        return side == sides[0] ? sides[1] : sides[0];
    }

    /** The order in which the tracker tells of several letters of one packet. */
    void letters(Set<String> found) {
        for (char letter : "SHADTGWFR".toCharArray()) {
            for (String each : new String[] {letter + "", (letter + "").toLowerCase(Locale.ROOT)}) {
                if (found.contains(each)) {
                    history.add(each);
                }
            }
        }
    }

    String text(String reason) {
        long min = samples.stream().mapToLong(Long::longValue).min().orElse(0);
        long max = samples.stream().mapToLong(Long::longValue).max().orElse(0);
        long sum = samples.stream().mapToLong(Long::longValue).sum();
        return String.join(
                " ",
                protocol
                        + ("/" + initiator.address() + ":" + initiator.port())
                        + (">" + responder.address() + ":" + responder.port()),
                flipped ? "flipped" : "straight",
                started + "-" + Math.max(started, lastSeen()),
                sides[0].text(),
                sides[1].text(),
                state.name(),
                history.isEmpty() ? "-" : String.join("", history),
                "rtt " + samples.size() + "," + min + "," + max,
                sum + "," + (samples.isEmpty() ? 0 : lastSample),
                "connect " + connect,
                "vlan " + vlan,
                tunnel,
                "icmp " + icmpType + "/" + icmpCode,
                reason);
    }
}
