package io.flowscope.obs;

import io.flowscope.obs.process.FlowRequests;
import io.flowscope.obs.process.ProcessAttribution;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowHook;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerMeasurements;
import io.flowscope.tracker.Transport;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One tracker's hook: what is to be done at a flow's start and end. Owner: the tracker's thread;
 * what other threads read is written with release stores and read with acquire loads.
 *
 * <p>The hook's word of a flow holds its teams: {@code present, 16 bits initiator's, 16 bits
 * responder's}.
 */
@SuppressWarnings("EnumOrdinal") // places in arrays that never leave the process
final class MetricsHook implements FlowHook {
    /** Places of what is counted here, the initiator's; the responder's is the next one. */
    static final int BYTES = 0;

    static final int DROPPED_OUT_OF_ORDER = 2;
    static final int DROPPED_OVERSIZE = 4;

    /** How many places there are. */
    static final int COUNTS = 6;

    private static final long TEAMS_PRESENT = 1L << 32;
    private static final int TRANSPORTS = Transport.values().length;

    private final FlowMetrics owner;
    private final FlowEndQueue ends;
    private final AtomicLongArray counts = new AtomicLongArray(COUNTS);
    private final @Nullable AtomicLongArray teamFlows;
    private final @Nullable TeamPairs pairs;

    /** For each registry whose histograms are counted here. Replaced under the totals' lock. */
    private volatile Counted[] counted = {};

    private @Nullable FlowRequests requests;
    private volatile @Nullable TrackerMeasurements measurements;

    MetricsHook(FlowMetrics owner, int teams, @Nullable TeamPairs pairs) {
        this.owner = owner;
        this.pairs = pairs;
        ends = new FlowEndQueue(owner::wake);
        teamFlows = pairs == null ? null : new AtomicLongArray(teams * TRANSPORTS);
    }

    /** Buckets, and whose. */
    private record Counted(OwnHistograms of, FlowBuckets buckets) {}

    /** From the next flow on, this tracker counts for these as well. */
    void count(OwnHistograms joined) {
        Counted[] more = Arrays.copyOf(counted, counted.length + 1);
        more[counted.length] = new Counted(joined, joined.open());
        counted = more;
    }

    /** It counts for these no more. */
    void countNoMore(OwnHistograms left) {
        for (Counted each : counted) {
            if (each.of().equals(left)) {
                left.close(each.buckets());
            }
        }
        counted = Arrays.stream(counted).filter(c -> !c.of().equals(left)).toArray(Counted[]::new);
    }

    TrackerMeasurements measurements() {
        TrackerMeasurements of = measurements;
        if (of == null) {
            throw new IllegalStateException("the hook is not attached");
        }
        return of;
    }

    @Override
    public void onAttached(TrackerMeasurements of) {
        if (measurements != null) {
            throw new IllegalStateException(
                    "a hook serves one tracker: ask FlowMetrics.hook() for each tracker's own");
        }
        measurements = of;
        ProcessAttribution attribution = owner.attribution();
        requests = attribution == null ? null : attribution.attach(of);
        owner.totals().attach(this);
    }

    @Override
    public void onDetached(TrackerMeasurements of) {
        ends.drain(owner.meters());
        owner.totals().detach(this, owner.processes().size());
        ProcessAttribution attribution = owner.attribution();
        if (attribution != null && requests != null) {
            attribution.detach(requests);
        }
    }

    @Override
    public void onStarted(FlowView flow) {
        AddressSet addresses = owner.addresses();
        int version = flow.ipVersion();
        boolean initiator = isLocal(addresses, version, flow, Side.INITIATOR);
        boolean responder = isLocal(addresses, version, flow, Side.RESPONDER);
        if (initiator) {
            flow.local(Side.INITIATOR, true);
        }
        if (responder) {
            flow.local(Side.RESPONDER, true);
        }
        if (requests != null && (initiator || responder)) {
            requests.ask(flow, initiator ? Side.INITIATOR : Side.RESPONDER);
        }
        TeamSlots teams = owner.teams();
        if (teams != null) {
            startTeams(flow, teams);
        }
    }

    private static boolean isLocal(AddressSet addresses, int version, FlowView flow, Side side) {
        return addresses.contains(version, flow.addressHigh(side), flow.addressLow(side));
    }

    private void startTeams(FlowView flow, TeamSlots teams) {
        int fromTeam = teams.team(flow, Side.INITIATOR);
        int toTeam = teams.team(flow, Side.RESPONDER);
        int from = teams.slot(fromTeam);
        int to = teams.slot(toTeam);
        int transport = flow.transport().ordinal();
        flow.hookWord(TEAMS_PRESENT | (long) from << 16 | to);
        live(from, to, transport, 1);
        // Different teams can share a slot: that of those without a name of their own.
        if (pairs != null
                && fromTeam != toTeam
                && from != LabelLimiter.UNKNOWN
                && to != LabelLimiter.UNKNOWN) {
            pairs.add(from, to, transport);
        }
    }

    /** A flow counts once for each of its teams, and once for two that share a slot. */
    private void live(int from, int to, int transport, int amount) {
        AtomicLongArray flows = teamFlows;
        if (flows != null) {
            add(flows, from * TRANSPORTS + transport, amount);
            if (to != from) {
                add(flows, to * TRANSPORTS + transport, amount);
            }
        }
    }

    @Override
    public void onReassembled(
            FlowView flow,
            Side side,
            long droppedOutOfOrder,
            long droppedOversizeBytes,
            long highWatermarkBytes) {
        int number = side.ordinal();
        if (droppedOutOfOrder != 0) {
            add(counts, DROPPED_OUT_OF_ORDER + number, droppedOutOfOrder);
        }
        if (droppedOversizeBytes != 0) {
            add(counts, DROPPED_OVERSIZE + number, droppedOversizeBytes);
        }
        if (highWatermarkBytes > 0) {
            for (Counted each : counted) {
                each.buckets().highWatermark(number, highWatermarkBytes);
            }
            if (owner.isFed() && !ends.highWatermark(number, highWatermarkBytes)) {
                owner.meters().highWatermark(number, highWatermarkBytes);
            }
        }
    }

    @Override
    public void onEnded(FlowView flow, EndReason reason) {
        long initiatorBytes = flow.bytes(Side.INITIATOR);
        long responderBytes = flow.bytes(Side.RESPONDER);
        add(counts, BYTES, initiatorBytes);
        add(counts, BYTES + 1, responderBytes);
        long duration = flow.durationNanos();
        long packets = flow.packets();
        long bytes = initiatorBytes + responderBytes;
        for (Counted each : counted) {
            each.buckets().flow(duration, packets, bytes);
        }
        if (owner.isFed() && !ends.flow(duration, packets, bytes)) {
            owner.meters().flow(duration, packets, bytes);
        }
        long teams = flow.hookWord();
        if (teams != 0) {
            int transport = flow.transport().ordinal();
            live((int) (teams >>> 16) & 0xffff, (int) teams & 0xffff, transport, -1);
        }
    }

    private static void add(AtomicLongArray to, int place, long amount) {
        to.setRelease(place, to.getPlain(place) + amount);
    }

    long count(int place) {
        return counts.getAcquire(place);
    }

    long teamFlows(int team, int transport) {
        AtomicLongArray flows = teamFlows;
        return flows == null ? 0 : flows.getAcquire(team * TRANSPORTS + transport);
    }

    void drain(FlowEndQueue.Meters to) {
        ends.drain(to);
    }
}
