package io.flowscope.tracker.model;

import static io.flowscope.tracker.model.TestPacket.ACK;
import static io.flowscope.tracker.model.TestPacket.RST;
import static io.flowscope.tracker.model.TestPacket.SYN;

import io.flowscope.tracker.TcpState;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.model.ModelFlow.Side;
import io.flowscope.tracker.model.TestPacket.Endpoint;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tracker's behaviour over maps, lists and objects, as plainly as it can be written. */
public final class ModelTracker {
    private static final long MINUTE = 60_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    public final List<String> lines = new ArrayList<>();
    public long created;
    public long ended;
    public long clockSteps;
    public long unmatched;

    private final TrackerOptions options;
    private final ModelTcp tcp;
    private final Map<String, ModelFlow> flows = new HashMap<>();
    private final List<ModelFlow> slots = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final Deque<Integer> closed = new ArrayDeque<>();
    private long now = -1;
    private long packets;
    private int evictionHand;
    private int sweepHand;
    private long roundStarted = -1;
    private long visited;
    private long nextStep = Long.MIN_VALUE;
    private long lastStep = Long.MIN_VALUE;

    public ModelTracker(TrackerOptions options) {
        this.options = options;
        this.tcp = new ModelTcp(options.roundTrips());
    }

    public int live() {
        return flows.size();
    }

    public void track(TestPacket packet) {
        advance(packet.time);
        packets++;
        if (packets % 32 == 0 || now >= nextStep || now < lastStep) {
            sweepStep();
        }
        if (packet.garbage) {
            unmatched++;
            return;
        }
        String key = key(packet);
        ModelFlow flow = flows.get(key);
        if (flow != null && expired(flow)) {
            end(flow, "idle");
            flow = null;
        }
        if (flow != null && flow.protocol == TestPacket.TCP && reused(flow, packet)) {
            end(flow, "reused");
            flow = null;
        }
        boolean starts = flow == null;
        if (starts) {
            flow = start(key, packet);
        }
        update(flow, packet, starts);
    }

    private void advance(long time) {
        long clean = Math.max(0, Math.min(time, 1L << 62));
        if (now < 0 || clean >= now) {
            now = clean;
        } else if (now - clean > MINUTE) {
            now = clean;
            clockSteps++;
        }
    }

    private static String key(TestPacket packet) {
        Endpoint a = packet.from;
        Endpoint b = packet.to;
        boolean swap = a.compareTo(b) > 0;
        return packet.protocol + " " + (swap ? b : a) + " " + (swap ? a : b);
    }

    private boolean expired(ModelFlow flow) {
        long limit = flow.isOver() ? nanos(options.closeLinger()) : flow.timeout;
        return flow.lastSeen() <= now && now - flow.lastSeen() >= limit;
    }

    private static long nanos(Duration duration) {
        return duration.toNanos();
    }

    private boolean reused(ModelFlow flow, TestPacket packet) {
        if (!packet.has(SYN) || packet.has(ACK) || packet.has(RST)) {
            return false;
        }
        Side side = side(flow, packet);
        boolean initiator = side == flow.sides[0];
        boolean fresh;
        if (initiator && side.syn) {
            fresh = packet.sequence != flow.initialSequence;
        } else {
            int back = side.next == null ? 0 : side.next - packet.sequence;
            fresh = back <= 0 || back > 1 << 20;
        }
        if (!fresh) {
            return false;
        }
        boolean closing =
                flow.isOver() || flow.state == TcpState.FIN_WAIT || flow.state == TcpState.CLOSING;
        boolean noSyn = !flow.sides[0].syn && !flow.sides[1].syn;
        return closing || (initiator || noSyn) && now - flow.lastSeen() >= SECOND;
    }

    private static Side side(ModelFlow flow, TestPacket packet) {
        return packet.from.equals(flow.initiator) ? flow.sides[0] : flow.sides[1];
    }

    private ModelFlow start(String key, TestPacket packet) {
        if (flows.size() == options.maxFlows()) {
            evict();
        }
        int slot = free.isEmpty() ? slots.size() : free.pop();
        boolean flip =
                options.flipSynAck()
                        && packet.protocol == TestPacket.TCP
                        && packet.has(SYN)
                        && packet.has(ACK)
                        && !packet.has(RST);
        ModelFlow flow =
                new ModelFlow(
                        key,
                        packet.protocol,
                        flip ? packet.to : packet.from,
                        flip ? packet.from : packet.to,
                        flip,
                        slot);
        flow.started = now;
        flow.interim = now;
        flow.timeout =
                !options.timeouts()
                        ? Long.MAX_VALUE
                        : nanos(
                                switch (packet.protocol) {
                                    case TestPacket.TCP -> options.tcpIdle();
                                    case TestPacket.UDP -> options.udpIdle();
                                    default -> options.otherIdle();
                                });
        flow.vlan = packet.vxlan ? -1 : packet.vlan;
        if (packet.vxlan) {
            flow.vlan = packet.vlan;
            flow.tunnel = "vxlan";
        }
        flow.icmpType = packet.icmpType;
        flow.icmpCode = packet.icmpType < 0 ? -1 : packet.icmpCode;
        if (slot == slots.size()) {
            slots.add(flow);
        } else {
            slots.set(slot, flow);
        }
        flows.put(key, flow);
        created++;
        return flow;
    }

    private void evict() {
        while (!closed.isEmpty()) {
            ModelFlow flow = slots.get(closed.poll());
            if (flow != null && flow.isOver()) {
                end(flow, "evicted");
                return;
            }
        }
        int used = slots.size();
        int at = evictionHand >= used ? 0 : evictionHand;
        ModelFlow oldest = null;
        for (int i = 0; i < Math.min(8, used); i++) {
            ModelFlow flow = slots.get(at);
            if (oldest == null || flow.lastSeen() < oldest.lastSeen()) {
                oldest = flow;
            }
            at = (at + 1) % used;
        }
        evictionHand = at;
        end(oldest, "evicted");
    }

    private void update(ModelFlow flow, TestPacket packet, boolean starts) {
        Side side = side(flow, packet);
        if (side.packets++ == 0) {
            side.first = now;
            side.interfaceIndex = packet.interfaceIndex;
        }
        side.last = Math.max(side.last, now);
        side.bytes += packet.bytes().length;
        side.payload += packet.payloadBytes();
        TcpState before = flow.state;
        tcp.anomalies.clear();
        if (packet.protocol == TestPacket.TCP) {
            tcp.apply(flow, side, packet, now);
        }
        String name = side == flow.sides[0] ? "INITIATOR" : "RESPONDER";
        if (starts) {
            lines.add("started " + flow.text("null"));
        }
        for (String anomaly : tcp.anomalies) {
            lines.add("anomaly " + anomaly + " " + flow.text("null"));
        }
        if (flow.state != before) {
            lines.add(
                    (flow.state == TcpState.ESTABLISHED
                                    ? "established "
                                    : "state " + before + " " + flow.state + " ")
                            + flow.text("null"));
        }
        lines.add("packet " + name + " " + packet.time + " " + flow.text("null"));
        if (packet.quoted != null) {
            ModelFlow about = flows.get(key(packet.quoted));
            if (about != null && !expired(about)) {
                lines.add(
                        "icmp "
                                + packet.icmpType
                                + "/"
                                + packet.icmpCode
                                + " "
                                + about.text("null"));
            }
        }
        interim(flow);
        if (flow.state != before && flow.isOver()) {
            if (options.closeLinger().isZero()) {
                end(flow, "closed");
            } else {
                if (closed.size() == 4096) {
                    closed.poll();
                }
                closed.add(flow.slot);
            }
        }
    }

    private void interim(ModelFlow flow) {
        Duration active = options.activeTimeout();
        if (active == null) {
            return;
        }
        if (now < flow.interim) {
            flow.interim = now;
        } else if (now - flow.interim >= nanos(active)) {
            flow.interim = now;
            lines.add("interim " + flow.text("null"));
        }
    }

    private void sweepStep() {
        long interval = nanos(options.sweepInterval());
        int used = slots.size();
        nextStep = now + Math.max(1, interval / 64);
        lastStep = now;
        long elapsed = now - roundStarted;
        if (elapsed < 0 || roundStarted < 0 || visited >= used) {
            roundStarted = now;
            visited = 0;
            elapsed = 0;
        }
        elapsed = Math.min(elapsed, interval);
        double due = Math.ceil((double) used * elapsed / interval - visited);
        int steps = Math.min(used, 4 + (int) Math.min(4096, Math.max(0, due)));
        visit(steps);
    }

    private void visit(int steps) {
        for (int i = 0; i < steps; i++) {
            visited++;
            ModelFlow flow = slots.get(sweepHand);
            sweepHand = sweepHand + 1 >= slots.size() ? 0 : sweepHand + 1;
            if (flow == null) {
                continue;
            }
            if (flow.lastSeen() > now) {
                if (!flow.isOver() && flow.timeout == Long.MAX_VALUE) {
                    continue;
                }
                flow.sides[0].last = Math.min(flow.sides[0].last, now);
                flow.sides[1].last = Math.min(flow.sides[1].last, now);
            } else if (expired(flow)) {
                end(flow, "idle");
            }
        }
    }

    public void sweep(long time) {
        advance(Math.max(time, now));
        sweepHand = 0;
        roundStarted = now;
        visited = 0;
        visit(slots.size());
    }

    public void finish() {
        sweep(Math.max(0, now));
        for (ModelFlow flow : List.copyOf(slots.stream().filter(f -> f != null).toList())) {
            end(flow, "finished");
        }
    }

    private void end(ModelFlow flow, String cause) {
        String reason =
                flow.state == TcpState.CLOSED
                        ? "fin"
                        : flow.state == TcpState.RESET ? "rst" : cause;
        String constant = reason.toUpperCase(java.util.Locale.ROOT);
        lines.add("ended " + reason + " " + flow.text(constant));
        if (cause.equals("evicted")) {
            lines.add("anomaly flow_table_eviction INITIATOR " + flow.text(constant));
        }
        flows.remove(flow.key);
        slots.set(flow.slot, null);
        free.push(flow.slot);
        ended++;
    }
}
