package io.flowscope.tracker.model;

import static io.flowscope.tracker.model.TestPacket.ACK;
import static io.flowscope.tracker.model.TestPacket.FIN;
import static io.flowscope.tracker.model.TestPacket.RST;
import static io.flowscope.tracker.model.TestPacket.SYN;

import io.flowscope.tracker.TcpState;
import io.flowscope.tracker.model.ModelFlow.Awaited;
import io.flowscope.tracker.model.ModelFlow.Distant;
import io.flowscope.tracker.model.ModelFlow.Hole;
import io.flowscope.tracker.model.ModelFlow.Side;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The rules of TCP, written down a second time. */
final class ModelTcp {
    private static final int MEGABYTE = 1 << 20;

    private static final List<String> ORDER = List.of("ooo_segment", "out_of_window", "gap");

    private final boolean roundTrips;
    private final Set<String> letters = new HashSet<>();

    /** Anomalies of the last segment, as "kind side". */
    final List<String> anomalies = new ArrayList<>();

    ModelTcp(boolean roundTrips) {
        this.roundTrips = roundTrips;
    }

    void apply(ModelFlow flow, Side side, TestPacket packet, long now) {
        letters.clear();
        anomalies.clear();
        if (packet.has(RST)) {
            reset(flow, side, packet);
        } else if (packet.has(SYN)) {
            syn(flow, side, packet, now);
        } else {
            plain(flow, side, packet, now);
        }
        anomalies.sort(Comparator.comparingInt(text -> ORDER.indexOf(text.split(" ", -1)[0])));
    }

    private void letter(ModelFlow flow, char letter, Side side) {
        String text = String.valueOf(letter);
        letters.add(side == flow.sides[0] ? text : text.toLowerCase(Locale.ROOT));
    }

    private void sentAgain(ModelFlow flow, Side side, TestPacket packet) {
        if (packet.payload > 0) {
            letter(flow, 'T', side);
        }
    }

    private void anomaly(ModelFlow flow, String kind, Side side) {
        String text = kind + " " + (side == flow.sides[0] ? "INITIATOR" : "RESPONDER");
        if (!anomalies.contains(text)) {
            anomalies.add(text);
        }
    }

    private void reset(ModelFlow flow, Side side, TestPacket packet) {
        if (!flow.isOver()) {
            if (outside(flow, side, packet.sequence)) {
                anomaly(flow, "out_of_window", side);
            } else {
                flow.state = TcpState.RESET;
            }
        }
        flow.letter('R', side);
    }

    private static boolean outside(ModelFlow flow, Side side, int sequence) {
        Side peer = flow.other(side);
        if (!side.syn || !peer.syn || peer.acknowledged == null) {
            return false;
        }
        if (side.next != null && sequence == side.next) {
            return false;
        }
        boolean scaled = side.scale >= 0 && peer.scale >= 0;
        int window = scaled ? peer.window << peer.scale : peer.window;
        int distance = sequence - peer.acknowledged;
        return distance < 0 || distance > window;
    }

    private void syn(ModelFlow flow, Side side, TestPacket packet, long now) {
        boolean answer = packet.has(ACK);
        letter(flow, answer ? 'H' : 'S', side);
        if (packet.payload > 0) {
            letter(flow, 'D', side);
        }
        if (side.syn) {
            int back = side.next - packet.sequence;
            if (back > 0 && back <= MEGABYTE) {
                side.retransmissions++;
                sentAgain(flow, side, packet);
                cancel(side);
            }
        } else {
            side.syn = true;
            side.scale = packet.scale;
            if (side == flow.sides[0]) {
                flow.initialSequence = packet.sequence;
            }
            if (side.next == null) {
                side.next = packet.sequence + 1 + packet.payload;
                await(side, false, packet, packet.sequence + 1, now);
            }
        }
        boolean responder = side == flow.sides[1];
        if (answer) {
            if (responder && flow.state == TcpState.SYN_SENT && roundTrips && !flow.flipped) {
                long taken = Math.max(0, now - flow.started);
                flow.connect = taken < (1L << 39) ? taken : -1;
            }
            acknowledge(flow, side, packet, false, now);
        }
        side.window = packet.window;
        if (flow.state == TcpState.ACTIVE) {
            if (answer) {
                flow.state = TcpState.SYN_RECEIVED;
            } else if (!responder) {
                flow.state = TcpState.SYN_SENT;
            }
        } else if (flow.state == TcpState.SYN_SENT && responder) {
            flow.state = TcpState.SYN_RECEIVED;
        }
        flow.letters(letters);
    }

    private void plain(ModelFlow flow, Side side, TestPacket packet, long now) {
        int size = packet.payload + (packet.has(FIN) ? 1 : 0);
        if (size == 0) {
            letter(flow, 'A', side);
        } else {
            sequence(flow, side, packet, size, now);
        }
        if (packet.has(ACK)) {
            acknowledge(flow, side, packet, size == 0, now);
        }
        side.window = packet.window;
        if (packet.window == 0) {
            side.zeroWindows++;
            letter(flow, 'W', side);
        }
        flow.letters(letters);
        state(flow, side, packet);
    }

    private static void cancel(Side side) {
        if (side.awaited != null && !side.awaited.byEcho()) {
            side.awaited = null;
        }
    }

    private void await(Side side, boolean echo, TestPacket packet, int end, long now) {
        if (roundTrips) {
            boolean stamped = echo && packet.timestampValue >= 0;
            side.awaited = new Awaited(now, stamped, stamped ? (int) packet.timestampValue : end);
        }
    }

    private void sequence(ModelFlow flow, Side side, TestPacket packet, int size, long now) {
        if (packet.payload > 0) {
            letter(flow, 'D', side);
        }
        if (packet.has(FIN)) {
            letter(flow, 'F', side);
        }
        int distance = side.next == null ? 0 : packet.sequence - side.next;
        if (distance == 0) {
            if (side.fin) {
                return;
            }
            boolean free = side.awaited == null;
            side.next = packet.sequence + size;
            side.fin = packet.has(FIN);
            if (free && packet.payload > 0) {
                await(side, true, packet, packet.sequence + packet.payload, now);
            }
        } else if (distance > 0) {
            if (!side.fin) {
                ahead(flow, side, packet, size, distance);
            }
        } else {
            behind(flow, side, packet, size);
        }
    }

    private void ahead(ModelFlow flow, Side side, TestPacket packet, int size, int distance) {
        if (distance > MEGABYTE) {
            boolean second =
                    flow.distant != null
                            && flow.distant.side() == side
                            && flow.distant.end() == packet.sequence;
            flow.hole = null;
            if (!second) {
                anomaly(flow, "out_of_window", side);
                flow.distant = new Distant(side, packet.sequence + size);
                return;
            }
            flow.distant = null;
        } else {
            flow.distant = null;
            boolean extend =
                    flow.hole != null
                            && flow.hole.side() == side
                            && packet.sequence - flow.hole.start() <= MEGABYTE;
            int start = extend ? flow.hole.start() : side.next;
            flow.hole = new Hole(side, start, packet.sequence - start);
        }
        side.next = packet.sequence + size;
        side.fin = packet.has(FIN);
    }

    private void behind(ModelFlow flow, Side side, TestPacket packet, int size) {
        boolean keepAlive = size == 1 && packet.payload == 1 && packet.sequence + 1 == side.next;
        if (keepAlive) {
            return;
        }
        cancel(side);
        if (fills(flow, side, packet.sequence, size)) {
            side.outOfOrder++;
            anomaly(flow, "ooo_segment", side);
        } else {
            side.retransmissions++;
            sentAgain(flow, side, packet);
        }
        int end = packet.sequence + size;
        if (end - side.next > 0 && !side.fin) {
            side.next = end;
        }
        side.fin |= packet.has(FIN);
    }

    private static boolean fills(ModelFlow flow, Side side, int sequence, int size) {
        Hole hole = flow.hole;
        if (hole == null || hole.side() != side) {
            return false;
        }
        int offset = sequence - hole.start();
        if (offset < 0 || offset >= hole.length()) {
            return false;
        }
        Hole left = hole;
        if (offset == 0) {
            int filled = Math.min(size, hole.length());
            left = new Hole(side, hole.start() + filled, hole.length() - filled);
        } else if (offset + size >= hole.length()) {
            left = new Hole(side, hole.start(), offset);
        }
        flow.hole = left.length() == 0 ? null : left;
        return true;
    }

    private void acknowledge(ModelFlow flow, Side side, TestPacket packet, boolean pure, long now) {
        int ack = packet.acknowledgment;
        Side peer = flow.other(side);
        if (side.acknowledged != null && ack - side.acknowledged <= 0) {
            boolean outstanding = peer.next != null && peer.next - ack > 0;
            if (ack == side.acknowledged && pure && packet.window == side.window && outstanding) {
                side.duplicateAcks++;
            }
            return;
        }
        side.acknowledged = ack;
        Awaited awaitedBefore = peer.awaited;
        Hole hole = flow.hole;
        if (hole != null && hole.side() == peer && ack - (hole.start() + hole.length()) >= 0) {
            flow.hole = null;
            gap(flow, peer);
        }
        boolean opening = flow.state == TcpState.SYN_SENT || flow.state == TcpState.SYN_RECEIVED;
        if (peer.next != null && !peer.fin && ack - peer.next > 0 && !opening) {
            peer.next = ack;
            gap(flow, peer);
        }
        if (awaitedBefore != null && peer.awaited != null) {
            answered(flow, peer, packet, ack, now);
        }
    }

    private void gap(ModelFlow flow, Side sender) {
        anomaly(flow, "gap", sender);
        letter(flow, 'G', sender);
        cancel(sender);
    }

    private void answered(ModelFlow flow, Side sender, TestPacket packet, int ack, long now) {
        Awaited awaited = sender.awaited;
        if (awaited.byEcho()) {
            boolean stamped = packet.timestampValue >= 0;
            int ahead = (int) packet.timestampEcho - awaited.value();
            if (stamped && ahead < 0) {
                return;
            }
            sender.awaited = null;
            if (!stamped || ahead > 0) {
                return;
            }
        } else {
            if (ack - awaited.value() < 0) {
                return;
            }
            sender.awaited = null;
        }
        long half = now - awaited.sent();
        if (half < 0 || half >= (1L << 39)) {
            return;
        }
        sender.half = half;
        long other = flow.other(sender).half;
        boolean opening = flow.state == TcpState.SYN_SENT || flow.state == TcpState.SYN_RECEIVED;
        if (other >= 0 || !opening || !flow.samples.isEmpty()) {
            flow.lastSample = half + Math.max(0, other);
            flow.samples.add(flow.lastSample);
        }
    }

    private static void state(ModelFlow flow, Side side, TestPacket packet) {
        if (flow.isOver()) {
            return;
        }
        Side initiator = flow.sides[0];
        Side responder = flow.sides[1];
        if (initiator.fin && responder.fin) {
            boolean both = covered(initiator, responder) && covered(responder, initiator);
            flow.state = both ? TcpState.CLOSED : TcpState.CLOSING;
        } else if (initiator.fin || responder.fin) {
            flow.state = TcpState.FIN_WAIT;
        } else if (flow.state == TcpState.SYN_RECEIVED && packet.has(ACK)) {
            flow.state = TcpState.ESTABLISHED;
        } else if (flow.state == TcpState.SYN_SENT && packet.has(ACK)) {
            if (side == initiator || packet.payload > 0) {
                flow.state = TcpState.ESTABLISHED;
            }
        }
    }

    private static boolean covered(Side sender, Side receiver) {
        return receiver.acknowledged != null && receiver.acknowledged - sender.next >= 0;
    }
}
