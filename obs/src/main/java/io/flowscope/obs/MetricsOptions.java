package io.flowscope.obs;

import io.flowscope.obs.process.ProcessLookup;
import io.flowscope.obs.teams.Teams;
import io.flowscope.tracker.TrackerMeasurements;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * What metrics are to know beyond the packets; immutable.
 *
 * @param prefix what the names of the second half of {@link MetricNames} start with
 * @param processName this JVM's own value of {@code process_name}
 * @param processes how many processes keep their own name
 * @param teamNames how many teams keep their own name
 * @param teamPairs how many pairs of teams are counted on their own
 * @param sources how many sources of packets keep their own name
 * @param namespaces how many namespaces of resources keep their own name
 * @param localAddresses this host's addresses, asked for every few seconds; if that fails, the last
 *     answer holds
 * @param teams whose addresses are whose, null for nobody's
 * @param processLookup whose a flow is, null for nobody's
 */
public record MetricsOptions(
        String prefix,
        String processName,
        int processes,
        int teamNames,
        int teamPairs,
        int sources,
        int namespaces,
        Supplier<? extends Collection<InetAddress>> localAddresses,
        @Nullable Teams teams,
        @Nullable ProcessLookup processLookup) {
    /** The most processes that can keep their own name: owners in a tracker, less two. */
    public static final int MOST_PROCESSES = TrackerMeasurements.MOST_OWNERS - 1;

    private static final int MOST_PAIRS = 100_000;
    private static final Supplier<List<InetAddress>> LOOPBACK_ONLY = List::of;

    /** Checks all at once; every mistake is in the message. */
    public MetricsOptions {
        List<String> mistakes = new ArrayList<>();
        if (!prefix.matches("[a-zA-Z][a-zA-Z0-9_]{0,63}_")) {
            mistakes.add(
                    "prefix: letters, digits and underlines, the last one an underline, was "
                            + prefix);
        }
        within(mistakes, "processes", processes, MOST_PROCESSES);
        within(mistakes, "teamNames", teamNames, LabelLimiter.MOST_NAMES);
        within(mistakes, "teamPairs", teamPairs, MOST_PAIRS);
        within(mistakes, "sources", sources, LabelLimiter.MOST_NAMES);
        within(mistakes, "namespaces", namespaces, LabelLimiter.MOST_NAMES);
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
    }

    private static void within(List<String> mistakes, String name, int value, int most) {
        if (value < 1 || value > most) {
            mistakes.add(name + ": 1 to " + most + ", was " + value);
        }
    }

    /** What holds if nothing is said: no teams, no processes, no addresses but loopback. */
    public static MetricsOptions defaults() {
        return builder().build();
    }

    /** A builder that begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; {@link #build()} checks them. */
    public static final class Builder {
        private String prefix = MetricNames.DEFAULT_PREFIX;
        private String processName = "java";
        private int processes = 200;
        private int teamNames = 200;
        private int teamPairs = 2000;
        private int sources = 200;
        private int namespaces = 200;
        private Supplier<? extends Collection<InetAddress>> localAddresses = LOOPBACK_ONLY;
        private @Nullable Teams teams;
        private @Nullable ProcessLookup processLookup;

        private Builder() {}

        /** See {@link MetricsOptions#prefix()}. */
        public Builder prefix(String text) {
            prefix = text;
            return this;
        }

        /** See {@link MetricsOptions#processName()}. */
        public Builder processName(String name) {
            processName = name;
            return this;
        }

        /** See {@link MetricsOptions#processes()}. */
        public Builder processes(int names) {
            processes = names;
            return this;
        }

        /** See {@link MetricsOptions#teamNames()}. */
        public Builder teamNames(int names) {
            teamNames = names;
            return this;
        }

        /** See {@link MetricsOptions#teamPairs()}. */
        public Builder teamPairs(int pairs) {
            teamPairs = pairs;
            return this;
        }

        /** See {@link MetricsOptions#sources()}. */
        public Builder sources(int names) {
            sources = names;
            return this;
        }

        /** See {@link MetricsOptions#namespaces()}. */
        public Builder namespaces(int names) {
            namespaces = names;
            return this;
        }

        /** See {@link MetricsOptions#localAddresses()}. */
        public Builder localAddresses(Supplier<? extends Collection<InetAddress>> addresses) {
            localAddresses = addresses;
            return this;
        }

        /** See {@link MetricsOptions#teams()}. */
        public Builder teams(@Nullable Teams table) {
            teams = table;
            return this;
        }

        /** See {@link MetricsOptions#processLookup()}. */
        public Builder processLookup(@Nullable ProcessLookup lookup) {
            processLookup = lookup;
            return this;
        }

        /** The options, checked. */
        public MetricsOptions build() {
            return new MetricsOptions(
                    prefix,
                    processName,
                    processes,
                    teamNames,
                    teamPairs,
                    sources,
                    namespaces,
                    localAddresses,
                    teams,
                    processLookup);
        }
    }
}
