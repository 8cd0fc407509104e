package io.flowscope.obs;

import io.flowscope.tracker.Transport;

import java.util.function.LongSupplier;

/** Live flows by team and flows between teams. */
@SuppressWarnings("EnumOrdinal") // places in arrays that never leave the process
record TeamMeters(String prefix, TrackerTotals totals, LabelLimiter names, TeamPairs pairs)
        implements Section {
    @Override
    public void refresh(Leaf leaf) {
        for (int team = 0; team < names.size(); team++) {
            for (Transport transport : Transport.values()) {
                live(leaf, team, transport);
            }
        }
        pairs.forEach(
                (place, from, to) -> {
                    for (Transport transport : Transport.values()) {
                        crossing(
                                leaf,
                                names.label(from),
                                names.label(to),
                                transport,
                                () -> pairs.count(place, transport.ordinal()));
                    }
                });
        for (Transport transport : Transport.values()) {
            String other = names.label(LabelLimiter.OTHER);
            crossing(leaf, other, other, transport, () -> pairs.otherCount(transport.ordinal()));
        }
    }

    private void live(Leaf leaf, int team, Transport transport) {
        int number = transport.ordinal();
        boolean named = team > LabelLimiter.OTHER;
        leaf.gaugeIf(
                named || totals.teamFlows(team, number) != 0,
                prefix + MetricNames.TEAM_RESOURCES,
                "Live flows with an end in this team's address ranges",
                () -> totals.teamFlows(team, number),
                MetricNames.TEAM,
                names.label(team),
                MetricNames.RESOURCE_TYPE,
                Labels.of(transport));
    }

    private void crossing(
            Leaf leaf, String from, String to, Transport transport, LongSupplier count) {
        if (count.getAsLong() != 0) {
            leaf.counterOnce(
                    prefix + MetricNames.CROSS_TEAM_ACCESS,
                    "Flows that have started from one team's address ranges to another's",
                    count,
                    MetricNames.FROM_TEAM,
                    from,
                    MetricNames.TO_TEAM,
                    to,
                    MetricNames.RESOURCE_TYPE,
                    Labels.of(transport));
        }
    }
}
