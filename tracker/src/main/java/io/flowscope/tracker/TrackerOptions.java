package io.flowscope.tracker;

import io.flowscope.tracker.dedup.DuplicateOptions;
import io.flowscope.tracker.key.FragmentOptions;
import io.flowscope.tracker.key.KeyExtractor;
import io.flowscope.tracker.key.KeyExtractors;
import io.flowscope.tracker.packet.DecoderOptions;
import io.flowscope.tracker.packet.LinkType;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.stream.StreamConsumerFactory;
import io.flowscope.tracker.stream.StreamOptions;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How a tracker behaves; immutable. {@link #defaults()}, or {@link #builder()}.
 *
 * @param linkType link type of packets given singly, by its number
 * @param decoder what is looked through
 * @param extractor what makes a flow
 * @param maxFlows most flows at a time; memory for all of them is taken at once
 * @param tcpIdle idle timeout of TCP flows
 * @param udpIdle idle timeout of UDP flows
 * @param otherIdle idle timeout of all other flows
 * @param flowTimeout chooses the timeout of single flows, null for nobody
 * @param timeouts whether flows end because they are idle
 * @param activeTimeout how often a living flow is reported, null for never
 * @param sweepInterval within which time every flow is looked at
 * @param closeLinger how long a closed flow stays for late packets, 0 for not at all
 * @param flipSynAck whether a flow that begins with a SYN-ACK has that packet's receiver for
 *     initiator
 * @param roundTrips whether round trips and connect latencies are measured
 * @param moments whether distributions of sizes and intervals are measured
 * @param anomalies whether anomalies are events; they are counted anyway
 * @param events which events are wanted, of those the listener overrides
 * @param fragments how fragments of datagrams are brought together
 * @param streams decides whose streams are put in order, and who takes them; null for nobody
 * @param streamOptions limits and policies of reassembly
 * @param sessions which protocols' messages are read from flows, null for none; each flow's parser
 *     takes its streams beside the consumer of {@code streams}
 * @param duplicates which packets are repetitions and dropped, null for none
 * @param hashSeed seed of the table's hash, empty for a secret one; no result depends on it
 * @param metricsHook the hook for metrics, null for the one that is found, if any; needs {@link
 *     Gates#METRICS}
 * @param tracingHook the hook for tracing, likewise; needs {@link Gates#TRACING}
 * @param arena makes the arena from which the tracker takes all its memory and which it closes
 */
public record TrackerOptions(
        int linkType,
        DecoderOptions decoder,
        KeyExtractor extractor,
        int maxFlows,
        Duration tcpIdle,
        Duration udpIdle,
        Duration otherIdle,
        @Nullable FlowTimeout flowTimeout,
        boolean timeouts,
        @Nullable Duration activeTimeout,
        Duration sweepInterval,
        Duration closeLinger,
        boolean flipSynAck,
        boolean roundTrips,
        boolean moments,
        boolean anomalies,
        Set<EventKind> events,
        FragmentOptions fragments,
        @Nullable StreamConsumerFactory streams,
        StreamOptions streamOptions,
        @Nullable SessionOptions sessions,
        @Nullable DuplicateOptions duplicates,
        OptionalLong hashSeed,
        @Nullable FlowHook metricsHook,
        @Nullable FlowHook tracingHook,
        Supplier<? extends Arena> arena) {

    /** The most flows that one tracker can hold. */
    public static final int MOST_FLOWS = 1 << 28;

    private static final Duration LONGEST = Duration.ofDays(10_000);

    /** Checks everything; every mistake is named in one message. */
    public TrackerOptions {
        List<String> mistakes = new ArrayList<>();
        if (!LinkType.isSupported(linkType)) {
            mistakes.add("linkType: one that can be decoded, was " + linkType);
        }
        if (maxFlows < 1 || maxFlows > MOST_FLOWS) {
            mistakes.add("maxFlows: 1 to " + MOST_FLOWS + ", was " + maxFlows);
        }
        check(mistakes, "tcpIdle", tcpIdle, 1);
        check(mistakes, "udpIdle", udpIdle, 1);
        check(mistakes, "otherIdle", otherIdle, 1);
        if (activeTimeout != null) {
            check(mistakes, "activeTimeout", activeTimeout, 1);
        }
        check(mistakes, "sweepInterval", sweepInterval, 1);
        check(mistakes, "closeLinger", closeLinger, 0);
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
        events = Set.copyOf(events);
    }

    private static void check(List<String> to, String name, Duration value, long leastNanos) {
        if (value.compareTo(Duration.ofNanos(leastNanos)) < 0 || value.compareTo(LONGEST) > 0) {
            to.add(name + ": " + leastNanos + " ns to " + LONGEST + ", was " + value);
        }
    }

    /** What a tracker does if nothing is said. */
    public static TrackerOptions defaults() {
        return builder().build();
    }

    /** A builder that begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.linkType = linkType;
        builder.decoder = decoder;
        builder.extractor = extractor;
        builder.maxFlows = maxFlows;
        builder.tcpIdle = tcpIdle;
        builder.udpIdle = udpIdle;
        builder.otherIdle = otherIdle;
        builder.flowTimeout = flowTimeout;
        builder.timeouts = timeouts;
        builder.activeTimeout = activeTimeout;
        builder.sweepInterval = sweepInterval;
        builder.closeLinger = closeLinger;
        builder.flipSynAck = flipSynAck;
        builder.roundTrips = roundTrips;
        builder.moments = moments;
        builder.anomalies = anomalies;
        builder.events = events;
        builder.fragments = fragments;
        builder.streams = streams;
        builder.streamOptions = streamOptions;
        builder.sessions = sessions;
        builder.duplicates = duplicates;
        builder.hashSeed = hashSeed;
        builder.metricsHook = metricsHook;
        builder.tracingHook = tracingHook;
        builder.arena = arena;
        return builder;
    }

    /** Collects options; {@link #build()} checks them. */
    public static final class Builder {
        private int linkType = LinkType.ETHERNET.number();
        private DecoderOptions decoder = DecoderOptions.DEFAULT;
        private KeyExtractor extractor = KeyExtractors.fiveTuple();
        private int maxFlows = 100_000;
        private Duration tcpIdle = Duration.ofMinutes(5);
        private Duration udpIdle = Duration.ofMinutes(1);
        private Duration otherIdle = Duration.ofSeconds(30);
        private @Nullable FlowTimeout flowTimeout;
        private boolean timeouts = true;
        private @Nullable Duration activeTimeout;
        private Duration sweepInterval = Duration.ofSeconds(1);
        private Duration closeLinger = Duration.ofSeconds(5);
        private boolean flipSynAck = true;
        private boolean roundTrips = true;
        private boolean moments;
        private boolean anomalies;
        private Set<EventKind> events = EnumSet.allOf(EventKind.class);
        private FragmentOptions fragments = FragmentOptions.DEFAULT;
        private @Nullable StreamConsumerFactory streams;
        private StreamOptions streamOptions = StreamOptions.defaults();
        private @Nullable SessionOptions sessions;
        private @Nullable DuplicateOptions duplicates;
        private OptionalLong hashSeed = OptionalLong.empty();
        private @Nullable FlowHook metricsHook;
        private @Nullable FlowHook tracingHook;
        private Supplier<? extends Arena> arena = Arena::ofShared;

        private Builder() {}

        /** See {@link TrackerOptions#linkType()}. */
        public Builder linkType(int number) {
            linkType = number;
            return this;
        }

        /** See {@link TrackerOptions#decoder()}. */
        public Builder decoder(DecoderOptions options) {
            decoder = options;
            return this;
        }

        /** See {@link TrackerOptions#extractor()}. */
        public Builder extractor(KeyExtractor use) {
            extractor = use;
            return this;
        }

        /** See {@link TrackerOptions#maxFlows()}. */
        public Builder maxFlows(int flows) {
            maxFlows = flows;
            return this;
        }

        /** See {@link TrackerOptions#tcpIdle()}. */
        public Builder tcpIdle(Duration timeout) {
            tcpIdle = timeout;
            return this;
        }

        /** See {@link TrackerOptions#udpIdle()}. */
        public Builder udpIdle(Duration timeout) {
            udpIdle = timeout;
            return this;
        }

        /** See {@link TrackerOptions#otherIdle()}. */
        public Builder otherIdle(Duration timeout) {
            otherIdle = timeout;
            return this;
        }

        /** See {@link TrackerOptions#flowTimeout()}. */
        public Builder flowTimeout(@Nullable FlowTimeout function) {
            flowTimeout = function;
            return this;
        }

        /** No flow ends because it is idle. */
        public Builder noTimeouts() {
            timeouts = false;
            return this;
        }

        /** See {@link TrackerOptions#activeTimeout()}. */
        public Builder activeTimeout(@Nullable Duration timeout) {
            activeTimeout = timeout;
            return this;
        }

        /** See {@link TrackerOptions#sweepInterval()}. */
        public Builder sweepInterval(Duration interval) {
            sweepInterval = interval;
            return this;
        }

        /** See {@link TrackerOptions#closeLinger()}. */
        public Builder closeLinger(Duration linger) {
            closeLinger = linger;
            return this;
        }

        /** See {@link TrackerOptions#flipSynAck()}. */
        public Builder flipSynAck(boolean flip) {
            flipSynAck = flip;
            return this;
        }

        /** See {@link TrackerOptions#roundTrips()}. */
        public Builder roundTrips(boolean measure) {
            roundTrips = measure;
            return this;
        }

        /** See {@link TrackerOptions#moments()}. */
        public Builder moments(boolean measure) {
            moments = measure;
            return this;
        }

        /** See {@link TrackerOptions#anomalies()}. */
        public Builder anomalies(boolean report) {
            anomalies = report;
            return this;
        }

        /** See {@link TrackerOptions#events()}. */
        public Builder events(Set<EventKind> wanted) {
            events = wanted;
            return this;
        }

        /** See {@link TrackerOptions#fragments()}. */
        public Builder fragments(FragmentOptions options) {
            fragments = options;
            return this;
        }

        /** See {@link TrackerOptions#streams()}. */
        public Builder streams(@Nullable StreamConsumerFactory factory) {
            streams = factory;
            return this;
        }

        /** See {@link TrackerOptions#streamOptions()}. */
        public Builder streamOptions(StreamOptions options) {
            streamOptions = options;
            return this;
        }

        /** See {@link TrackerOptions#sessions()}. */
        public Builder sessions(@Nullable SessionOptions options) {
            sessions = options;
            return this;
        }

        /** See {@link TrackerOptions#duplicates()}. */
        public Builder duplicates(@Nullable DuplicateOptions options) {
            duplicates = options;
            return this;
        }

        /** A known seed for the table's hash: for tests and comparisons only. */
        public Builder hashSeed(long seed) {
            hashSeed = OptionalLong.of(seed);
            return this;
        }

        /** See {@link TrackerOptions#metricsHook()}. */
        public Builder metricsHook(@Nullable FlowHook hook) {
            metricsHook = hook;
            return this;
        }

        /** See {@link TrackerOptions#tracingHook()}. */
        public Builder tracingHook(@Nullable FlowHook hook) {
            tracingHook = hook;
            return this;
        }

        /** See {@link TrackerOptions#arena()}. */
        public Builder arena(Supplier<? extends Arena> maker) {
            arena = maker;
            return this;
        }

        /** The options, checked. */
        public TrackerOptions build() {
            return new TrackerOptions(
                    linkType,
                    decoder,
                    extractor,
                    maxFlows,
                    tcpIdle,
                    udpIdle,
                    otherIdle,
                    flowTimeout,
                    timeouts,
                    activeTimeout,
                    sweepInterval,
                    closeLinger,
                    flipSynAck,
                    roundTrips,
                    moments,
                    anomalies,
                    events,
                    fragments,
                    streams,
                    streamOptions,
                    sessions,
                    duplicates,
                    hashSeed,
                    metricsHook,
                    tracingHook,
                    arena);
        }
    }
}
