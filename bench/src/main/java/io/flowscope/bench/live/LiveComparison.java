package io.flowscope.bench.live;

import io.flowscope.bench.compare.CPrograms;
import io.flowscope.bench.compare.Jvm;
import io.flowscope.bench.compare.ProcessRun;
import io.flowscope.bench.load.Workload;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Receivers in turns on one end of a pair of virtual interfaces, a sender on the other: each on a
 * processor of its own, a receiver's in turns as well. Traffic never leaves the namespace.
 */
public final class LiveComparison {
    /** Asked of the sender: as many as it can. */
    public static final long FULL_SPEED = 0;

    /** Packets after which a JVM is warm. */
    public static final long WARMING = 5_000_000;

    private static final int LESS_FOR_SLOW_ONES = 5;
    private static final int LESS_FOR_C = 25;
    private static final long LEAST_SECONDS = 2;
    private static final int BISECTIONS = 5;
    private static final long PATIENCE_SECONDS = 120;
    private static final long LOOK_MILLIS = 20;
    private static final Pattern TCPDUMP_DROPS =
            Pattern.compile("(\\d+) packets dropped by kernel");

    private final List<Receiver> receivers = new ArrayList<>();
    private final Map<String, String> missing = new LinkedHashMap<>();
    private final List<LiveRun> runs = new ArrayList<>();
    private final Map<String, Long> lossFree = new LinkedHashMap<>();
    private final Set<Receiver> failed = new HashSet<>();
    private final List<Latency> latencies = new ArrayList<>();
    private final Path sender;
    private final Path traffic;
    private final int senderCpu;
    private final int receiverCpu;
    private final long warming;
    private final PrintStream progress;

    /** Who listens, and how many packets it gets before it counts. */
    private record Receiver(String name, String about, long warming, List<String> command) {
        boolean isTcpdump() {
            return command.getFirst().equals("tcpdump");
        }
    }

    /** Lines that a receiver printed, its drops and CPU time included. */
    private record Output(Map<String, Long> live, Map<String, Long> latency) {}

    /**
     * With all receivers that are there.
     *
     * @param cache where workloads are
     * @param cpu of the receivers; the sender has another
     * @param warming packets that a JVM gets before it counts
     * @param pcap4jPath the class path of the programs for pcap4j, null if they were not built
     */
    public LiveComparison(
            CPrograms programs,
            Path cache,
            int cpu,
            long warming,
            @Nullable String pcap4jPath,
            PrintStream out)
            throws IOException, InterruptedException {
        progress = out;
        this.warming = warming;
        receiverCpu = cpu;
        senderCpu = cpu == 0 ? 1 : cpu - 1;
        sender = programs.compile("live_send");
        traffic = Workload.datagrams(1_000_000).file(cache);
        String ring = programs.compile("live_ring").toString();
        String ours = System.getProperty("java.class.path");
        c(LiveResults.C_WALK, "C: packets of the ring looked at", ring, VethPair.OUT, "walk");
        c(LiveResults.C_TABLE, "C: counted in a bare table", ring, VethPair.OUT, "table");
        try {
            String libpcap = programs.compile("live_libpcap", "pcap").toString();
            c("C libpcap", "C: pcap_loop, bare table", libpcap, VethPair.OUT);
        } catch (IOException e) {
            missing.put("C libpcap, live", "needs libpcap's headers");
        }
        ring(LiveResults.OUR_WALK, "RingCapture, packets looked at", ours, "walk");
        ring(LiveResults.OUR_TRACK, "RingCapture, FlowTracker", ours, "track");
        if (pcap4jPath != null) {
            pcap4j("pcap4j raw", "pcap4j: loop, byte arrays, bare table", pcap4jPath, "raw");
            pcap4j("pcap4j packets", "pcap4j: loop, packet objects", pcap4jPath, "packets");
        }
        if (new ProcessBuilder("sh", "-c", "command -v tcpdump").start().waitFor() == 0) {
            receivers.add(
                    new Receiver(
                            "tcpdump",
                            "whole process: copies packets to nowhere",
                            0,
                            List.of(
                                    "tcpdump",
                                    "-i",
                                    VethPair.OUT,
                                    "-B",
                                    "65536",
                                    "-w",
                                    "/dev/null")));
        } else {
            missing.put("tcpdump, live", "not installed");
        }
    }

    private void c(String name, String about, String... command) {
        receivers.add(new Receiver(name, about, warming / LESS_FOR_C, List.of(command)));
    }

    private void ring(String name, String about, String classPath, String way) {
        receivers.add(
                new Receiver(name, about, warming, ringCommand(classPath, way, "THROUGHPUT")));
    }

    private static List<String> ringCommand(String classPath, String way, String profile) {
        return Jvm.command(classPath, RingReceiver.class.getName(), VethPair.OUT, way, profile);
    }

    private void pcap4j(String name, String about, String path, String way) {
        List<String> command =
                Jvm.command(path, "io.flowscope.bench.pcap4j.Pcap4jLive", VethPair.OUT, way);
        receivers.add(new Receiver(name, about, warming / LESS_FOR_SLOW_ONES, command));
    }

    /** Why there is no live comparison on this machine; empty if there can be one. */
    public static Optional<String> obstacle() {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            return Optional.of("needs two processors");
        }
        try {
            new VethPair().close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("needs root and iproute2: " + e.getMessage());
        }
    }

    /** Programs that are not there, and why. */
    public Map<String, String> missing() {
        return missing;
    }

    /** All receivers in turns, at the sender's full speed. */
    public void fullSpeed(int rounds, long packets) throws IOException, InterruptedException {
        atRate(rounds, packets, FULL_SPEED);
    }

    /** All receivers in turns, at so many packets per second. */
    public void atRate(int rounds, long packets, long perSecond)
            throws IOException, InterruptedException {
        List<Receiver> order = new ArrayList<>(receivers);
        for (int round = 1; round <= rounds; round++) {
            for (Receiver receiver : order) {
                if (!failed.contains(receiver)) {
                    turn(receiver, round, packets, perSecond);
                }
            }
            Collections.rotate(order, 1);
        }
    }

    /** One that fails is named and takes part no more; the others do. */
    private void turn(Receiver receiver, int round, long packets, long perSecond)
            throws InterruptedException {
        try {
            LiveRun run = run(receiver, round, packets, perSecond);
            runs.add(run);
            progress.printf(
                    "  live  round %d  %-24s %8.1f ns/packet, %.1f of them the receiving thread's;"
                            + " %d of %d lost at %.0f/s%n",
                    round,
                    receiver.name(),
                    run.nanos(),
                    run.threadNanos(),
                    run.lost(),
                    run.sent(),
                    run.perSecond());
        } catch (IOException e) {
            failed.add(receiver);
            missing.put(receiver.name() + ", live", String.valueOf(e.getMessage()));
            progress.println("  live  " + e.getMessage());
        }
    }

    /**
     * Up to which rate each loses none: the sender's full speed, or where bisection ends for those
     * that lost packets at it.
     */
    public void findLossFreeRates() throws IOException, InterruptedException {
        for (Receiver receiver : receivers) {
            List<LiveRun> full =
                    runs.stream()
                            .filter(r -> r.receiver().equals(receiver.name()))
                            .filter(r -> r.asked() == FULL_SPEED)
                            .toList();
            if (full.isEmpty() || failed.contains(receiver)) {
                continue;
            }
            boolean lost = full.stream().anyMatch(r -> r.lost() > 0);
            double most = full.stream().mapToDouble(LiveRun::perSecond).max().orElse(0);
            double least = full.stream().mapToDouble(LiveRun::perSecond).min().orElse(0);
            lossFree.put(
                    receiver.name(), lost ? lossFreeRate(receiver, (long) most) : (long) least);
        }
    }

    private long lossFreeRate(Receiver receiver, long most)
            throws IOException, InterruptedException {
        long good = 0;
        long bad = most;
        for (int i = 0; i < BISECTIONS; i++) {
            long rate = (good + bad) / 2;
            LiveRun run = run(receiver, i, rate * LEAST_SECONDS, rate);
            progress.printf(
                    "  live  %-24s %d of %d lost at %.0f/s%n",
                    receiver.name(), run.lost(), run.sent(), run.perSecond());
            if (run.lost() == 0) {
                good = rate;
            } else {
                bad = rate;
            }
        }
        return good;
    }

    /** The time from the kernel to our callback. */
    public void latency(String profile, long perSecond) throws IOException, InterruptedException {
        String path = System.getProperty("java.class.path");
        var receiver = new Receiver(profile, "", warming, ringCommand(path, "latency", profile));
        try (VethPair pair = new VethPair()) {
            Process listening = start(pair, receiver);
            try {
                send(pair, receiver, listening, perSecond * LEAST_SECONDS, perSecond);
                Map<String, Long> found = output(receiver, listening).latency();
                latencies.add(
                        new Latency(
                                profile,
                                perSecond,
                                found.getOrDefault("p50_ns", 0L),
                                found.getOrDefault("p99_ns", 0L),
                                found.getOrDefault("p999_ns", 0L),
                                found.getOrDefault("max_ns", 0L)));
            } finally {
                listening.destroyForcibly().waitFor();
            }
        }
    }

    /** All that was measured. */
    public LiveResults results() {
        Map<String, String> about = new LinkedHashMap<>();
        receivers.forEach(r -> about.put(r.name(), r.about()));
        return new LiveResults(
                about, List.copyOf(runs), Map.copyOf(lossFree), List.copyOf(latencies));
    }

    private LiveRun run(Receiver receiver, int round, long packets, long perSecond)
            throws IOException, InterruptedException {
        try (VethPair pair = new VethPair()) {
            Process listening = start(pair, receiver);
            try {
                Map<String, Long> sent = send(pair, receiver, listening, packets, perSecond);
                long wireDrops = sent.getOrDefault("wire_drops", 0L);
                Map<String, Long> live =
                        receiver.isTcpdump()
                                ? stopTcpdump(listening, packets - wireDrops)
                                : output(receiver, listening).live();
                long received = live.getOrDefault("packets", 0L);
                return new LiveRun(
                        receiver.name(),
                        round,
                        perSecond,
                        packets * 1e9 / sent.getOrDefault("wall_ns", 1L),
                        wireDrops,
                        packets - wireDrops,
                        received,
                        live.getOrDefault("drops", 0L),
                        (double) live.getOrDefault("cpu_ns", 0L) / Math.max(1, received),
                        (double) live.getOrDefault("thread_ns", 0L) / Math.max(1, received),
                        live.getOrDefault("allocated_bytes", -1L));
            } finally {
                listening.destroyForcibly().waitFor();
            }
        }
    }

    private Process start(VethPair pair, Receiver receiver) throws IOException {
        Process process =
                new ProcessBuilder(pair.inside(receiverCpu, receiver.command()))
                        .redirectErrorStream(true)
                        .start();
        BufferedReader lines = process.inputReader();
        String line = lines.readLine();
        String wanted = receiver.isTcpdump() ? "listening on" : "ready";
        while (line != null && !line.contains(wanted)) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException(receiver.name() + " does not listen");
        }
        return process;
    }

    /** Sends everything; the marks of the end until the receiver that knows them has ended. */
    private Map<String, Long> send(
            VethPair pair, Receiver receiver, Process listening, long packets, long perSecond)
            throws IOException, InterruptedException {
        List<String> command =
                List.of(
                        sender.toString(),
                        VethPair.IN,
                        traffic.toString(),
                        Long.toString(receiver.warming()),
                        Long.toString(packets),
                        Long.toString(perSecond));
        Process process =
                new ProcessBuilder(pair.inside(senderCpu, command))
                        .redirectErrorStream(true)
                        .start();
        try {
            String said = String.valueOf(process.inputReader().readLine());
            if (!said.startsWith("sent ")) {
                throw new IOException("the sender failed: " + said);
            }
            while (process.isAlive() && (receiver.isTcpdump() || listening.isAlive())) {
                Thread.sleep(LOOK_MILLIS);
            }
            return ProcessRun.numbers(said);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static Output output(Receiver receiver, Process process)
            throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(receiver.name() + " does not see the end");
        }
        List<String> said = process.inputReader().lines().toList();
        Map<String, Long> live = Map.of();
        Map<String, Long> latency = Map.of();
        for (String line : said) {
            if (line.startsWith("live ")) {
                live = ProcessRun.numbers(line);
            } else if (line.startsWith("latency ")) {
                latency = ProcessRun.numbers(line);
            }
        }
        if (live.isEmpty()) {
            throw new IOException(receiver.name() + " failed: " + String.join(" ", said));
        }
        return new Output(live, latency);
    }

    /** tcpdump knows no marks: it counts from its start, and what it lost is what it says. */
    private static Map<String, Long> stopTcpdump(Process process, long packets)
            throws IOException, InterruptedException {
        String books = Files.readString(Path.of("/proc/" + process.pid() + "/schedstat"));
        long cpuNanos = Long.parseLong(books.substring(0, books.indexOf(' ')));
        process.toHandle().destroy(); // process.destroy() would close what it has to say
        String said = process.inputReader().lines().reduce("", (all, l) -> all + l + " ");
        process.waitFor();
        Matcher drops = TCPDUMP_DROPS.matcher(said);
        if (!drops.find()) {
            throw new IOException("tcpdump failed: " + said);
        }
        long lost = Long.parseLong(drops.group(1));
        return Map.of(
                "packets",
                packets - lost,
                "drops",
                lost,
                "cpu_ns",
                cpuNanos,
                "thread_ns",
                cpuNanos);
    }
}
