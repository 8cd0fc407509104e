package io.flowscope.cli;

import io.flowscope.capture.CaptureEvent;
import io.flowscope.capture.CaptureException;
import io.flowscope.capture.CaptureListener;
import io.flowscope.capture.Interfaces;
import io.flowscope.capture.LiveInterface;
import io.flowscope.capture.PacketSource;
import io.flowscope.capture.PcapCapture;
import io.flowscope.capture.PcapOptions;
import io.flowscope.capture.RingCapture;
import io.flowscope.capture.RingOptions;
import io.flowscope.capture.RingProfile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** How packets are captured from an interface, as the user says it. */
final class LiveOptions {
    /** What libpcap calls all interfaces together. */
    private static final String ANY = "any";

    private static final int MAX_SNAP_BYTES = 1 << 18;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "IFACE",
            description =
                    "Capture from this network interface until interrupted; \"any\" is all of them"
                            + " and needs libpcap.")
    private @Nullable String name;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "End a capture after this time, such as 30s or 5m.")
    private @Nullable Duration duration;

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description =
                    "Sizes and delays of the capture ring: ${COMPLETION-CANDIDATES}; default"
                            + " throughput.")
    private Profile profile = Profile.throughput;

    @Option(
            names = "--snaplen",
            paramLabel = "BYTES",
            description = "Capture at most so much of a packet; the profile's: 65535.")
    private @Nullable Integer snapBytes;

    @Option(
            names = "--promiscuous",
            description = "Capture packets for other hosts as well, where the network shows them.")
    private boolean promiscuous;

    /** Named as they are typed. */
    enum Profile {
        throughput(RingProfile.THROUGHPUT, "throughput"),
        low_latency(RingProfile.LOW_LATENCY, "low-latency"),
        low_memory(RingProfile.LOW_MEMORY, "low-memory"),
        jumbo(RingProfile.JUMBO, "jumbo");

        private final RingProfile ring;
        private final String typed;

        Profile(RingProfile ring, String typed) {
            this.ring = ring;
            this.typed = typed;
        }

        @Override
        public String toString() {
            return typed;
        }
    }

    /** The interface that was named, null if none was. */
    @Nullable String name() {
        return name;
    }

    /** Options that make sense for a live capture only, and were given. */
    boolean anyGiven() {
        return duration != null
                || snapBytes != null
                || promiscuous
                || profile != Profile.throughput;
    }

    /**
     * Opens the interface and says so; packets are captured from then on.
     *
     * @param filter empty for everything
     */
    LiveSource open(String filter, Stdio stdio) {
        if (name == null) {
            throw new ParameterException(spec.commandLine(), "an interface is needed: -i IFACE");
        }
        if (snapBytes != null && (snapBytes < 1 || snapBytes > MAX_SNAP_BYTES)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--snaplen: 1 to " + MAX_SNAP_BYTES + " bytes, was " + snapBytes);
        }
        PacketSource source = capture(name, filter, stdio);
        stdio.say("capturing from " + name + (duration == null ? "; Ctrl-C ends" : ""));
        return new LiveSource(source, duration);
    }

    private PacketSource capture(String from, String filter, Stdio stdio) {
        if (needsLibpcap(from)) {
            PcapOptions options =
                    PcapOptions.of(from).withPromiscuous(promiscuous).withFilter(filter);
            PcapCapture capture =
                    PcapCapture.open(
                            snapBytes == null ? options : options.withSnapBytes(snapBytes));
            capture.notes().forEach(note -> stdio.say("note: " + note));
            return capture;
        }
        RingOptions.Builder options =
                RingOptions.builder(from)
                        .profile(profile.ring)
                        .promiscuous(promiscuous)
                        .filter(filter)
                        .listener(new Messages(stdio));
        if (snapBytes != null) {
            options.snapBytes(snapBytes);
        }
        return RingCapture.open(options.build());
    }

    /** The ring is for interfaces of Linux whose link type it knows; libpcap does the rest. */
    private static boolean needsLibpcap(String from) {
        if (RingCapture.unavailabilityCause() instanceof UnsupportedOperationException) {
            return PcapCapture.isAvailable();
        }
        if (from.equals(ANY)) {
            return true;
        }
        return requireInterface(from).linkType() < 0;
    }

    /** The interface of that name, or a sentence that says which there are. */
    static LiveInterface requireInterface(String name) {
        List<LiveInterface> there = Interfaces.list();
        return there.stream()
                .filter(i -> i.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name, there, ", " + ANY));
    }

    /** Checks that packets can be sent on an interface of that name. */
    static void requireSender(String name) {
        List<LiveInterface> there = Interfaces.list();
        if (name.equals(ANY)) {
            throw new CommandFailure(
                    "'any' stands for all interfaces and cannot send; there are: " + names(there));
        }
        if (there.stream().noneMatch(i -> i.name().equals(name))) {
            throw unknown(name, there, "");
        }
    }

    /** What an interface of this number is called; empty if there is none now. */
    static IntFunction<String> interfaceNames() {
        return number -> {
            try {
                return Interfaces.list().stream()
                        .filter(i -> i.index() == number)
                        .map(LiveInterface::name)
                        .findFirst()
                        .orElse("");
            } catch (CaptureException unknown) {
                return "";
            }
        };
    }

    private static CommandFailure unknown(String from, List<LiveInterface> there, String more) {
        return new CommandFailure(
                "there is no interface '" + from + "'; there are: " + names(there) + more);
    }

    private static String names(List<LiveInterface> there) {
        return there.stream().map(LiveInterface::name).collect(Collectors.joining(", "));
    }

    /** Says what happens to the interface; what is unchanged is not said again. */
    private static final class Messages implements CaptureListener {
        private final Stdio stdio;
        private String last = "";

        Messages(Stdio stdio) {
            this.stdio = stdio;
        }

        @Override
        public void onEvent(CaptureEvent event) {
            if (!event.message().equals(last)) {
                last = event.message();
                stdio.say(last);
            }
        }
    }
}
