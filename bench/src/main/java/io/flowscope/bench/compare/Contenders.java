package io.flowscope.bench.compare;

import io.flowscope.bench.compare.Contender.Side;
import io.flowscope.bench.load.Input;
import io.flowscope.bench.pass.DecodePasses;
import io.flowscope.bench.pass.FilePasses;
import io.flowscope.bench.pass.LibpcapPasses;
import io.flowscope.bench.pass.WritePasses;
import io.flowscope.bindings.pcap.Libpcap;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Everybody who is compared, as far as present on this machine. */
public final class Contenders {
    /** The two programs of which the better one is the limit. */
    public static final Set<String> LIMITS = Set.of("C read", "C map");

    /** The name of our default. */
    public static final String OURS = "flowscope";

    /** C that reads and parses, without a table. */
    public static final String C_PARSE = "C parse";

    /** We read, decode and make keys, without a table. */
    public static final String OUR_DECODE = "flowscope decode";

    /** We write a file's packets. */
    public static final String OUR_WRITE = "flowscope write";

    /** We write some of a file's packets. */
    public static final String OUR_FILTER = "flowscope filter";

    /** tcpdump writes a file's packets. */
    public static final String TCPDUMP = "tcpdump";

    /** tcpdump writes some of a file's packets. */
    public static final String TCPDUMP_FILTER = "tcpdump filter";

    /** Takes a tenth of the packets: the disk is not what is measured. */
    private static final String FILTER = "udp";

    private static final int C_PASSES = 4;
    private static final int JVM_PASSES = 40;
    private static final int SLOW_PASSES = 4;
    private static final int SLOWEST_PASSES = 2;

    /** Where the differences between tools show; they need minutes for the others. */
    private static final Set<String> FOR_TOOLS = Set.of("10k", "1M", "mix");

    private static final Set<String> FOR_SLOW_TOOLS = Set.of("mix");

    private static final Set<String> FOR_LIBRARIES = Set.of("10k", "mix", "bulk");

    /** Ten million flows are for the limit and us. */
    private static final Set<String> USUAL = Set.of("1", "10k", "1M", "mix", "bulk");

    private static final Set<String> ALL = Set.of();

    /** Where a part of the work is compared. */
    private static final Set<String> FOR_PARTS = Set.of("10k");

    private static final Set<String> FOR_SINGLE = Set.of("1", "10k", "mix", "bulk");

    /** Those that need a quarter of a minute and more each time. */
    private static final Set<String> SLOW =
            Set.of(
                    "pcap4j next raw",
                    "pcap4j next",
                    "softflowd",
                    "nfpcapd",
                    "argus",
                    "ndpiReader",
                    "tshark",
                    "tcpflow");

    private final List<Contender> all = new ArrayList<>();
    private final Map<String, String> missing = new LinkedHashMap<>();
    private final String classPath = System.getProperty("java.class.path");

    /** What could not be found, and why. */
    public Map<String, String> missing() {
        return missing;
    }

    /** Those that were added. */
    public List<Contender> all() {
        return List.copyOf(all);
    }

    /** The limit, and C through libpcap. */
    public Contenders addC(CPrograms programs) throws IOException, InterruptedException {
        Path read = programs.compile("file_read");
        add("C read", "C: 1 MiB reads, bare table", Side.LIMIT, C_PASSES, ALL, passes(read));
        Path map = programs.compile("file_map");
        add("C map", "C: mapped file, bare table", Side.LIMIT, C_PASSES, ALL, passes(map));
        Path parse = programs.compile("file_parse");
        add(
                C_PARSE,
                "C: 1 MiB reads, no table",
                Side.REFERENCE,
                C_PASSES,
                FOR_PARTS,
                passes(parse));
        try {
            Path libpcap = programs.compile("file_libpcap", "pcap");
            add(
                    "C libpcap",
                    "C: pcap_next_ex, bare table",
                    Side.REFERENCE,
                    C_PASSES,
                    USUAL,
                    passes(libpcap));
        } catch (IOException e) {
            missing.put("C libpcap", "needs libpcap's headers (libpcap-dev): " + e.getMessage());
        }
        return this;
    }

    private static Contender.Command passes(Path program) {
        return (input, passes) ->
                List.of(program.toString(), input.file().toString(), Integer.toString(passes));
    }

    /** Our tracker with all that is on by default, fed in each way. */
    public Contenders addOurs() {
        add(OURS, "CaptureFile, FlowTracker, flows to a listener", ALL, "read");
        add("flowscope mapped", "the same, file mapped", USUAL, "mapped");
        add("flowscope single", "the same, one packet per call", FOR_SINGLE, "single");
        if (Libpcap.isAvailable()) {
            add(
                    "flowscope libpcap",
                    "the same tracker fed by libpcap",
                    Side.OURS,
                    JVM_PASSES,
                    USUAL,
                    (input, passes) ->
                            Jvm.command(
                                    classPath,
                                    LibpcapPasses.class.getName(),
                                    input.file(),
                                    passes,
                                    input.workload().maxFlows()));
        } else {
            missing.put("flowscope libpcap", "needs libpcap");
        }
        return this;
    }

    /** Parts of what we do, each to be compared with another program that does as much. */
    public Contenders addOurParts(Path scratch) {
        addPart(OUR_DECODE, "CaptureFile, decoded, keys made", DecodePasses.class, List.of());
        addPart(
                OUR_WRITE,
                "CaptureFile to CaptureWriter, to nowhere",
                WritePasses.class,
                List.of("/dev/null"));
        addPart(
                OUR_FILTER,
                "CaptureFile to a file, filter " + FILTER,
                WritePasses.class,
                List.of(scratch.resolve("ours.pcap"), FILTER));
        return this;
    }

    private void addPart(String name, String about, Class<?> main, List<?> more) {
        add(
                name,
                about,
                Side.OURS,
                JVM_PASSES,
                FOR_PARTS,
                (input, passes) -> {
                    List<Object> arguments = new ArrayList<>(List.of(input.file(), passes));
                    arguments.addAll(more);
                    return Jvm.command(classPath, main.getName(), arguments.toArray());
                });
    }

    private void add(String name, String about, Set<String> workloads, String way) {
        add(
                name,
                about,
                Side.OURS,
                JVM_PASSES,
                workloads,
                (input, passes) ->
                        Jvm.command(
                                classPath,
                                FilePasses.class.getName(),
                                input.file(),
                                passes,
                                way,
                                input.workload().maxFlows()));
    }

    /** The command as a user starts it, JVM and output included. */
    public Contenders addCommand(Path root) {
        Path launcher = root.resolve("flowscope");
        if (!Files.isExecutable(launcher)) {
            missing.put("flowscope flows", "no launcher at " + launcher);
            return this;
        }
        add(
                "flowscope flows",
                "whole process: ./flowscope flows FILE",
                Side.OURS,
                0,
                USUAL,
                (input, passes) ->
                        List.of(
                                launcher.toString(),
                                "flows",
                                "--max-flows",
                                Integer.toString(input.workload().maxFlows()),
                                input.file().toString()));
        return this;
    }

    /**
     * pcap4j, in the ways its users know.
     *
     * @param pcap4jPath the class path of {@code Pcap4jPasses}, null if it was not built
     */
    public Contenders addPcap4j(@Nullable String pcap4jPath) {
        if (pcap4jPath == null) {
            missing.put("pcap4j", "not built: use the profile bench");
            return this;
        }
        Set<String> slow = FOR_SLOW_TOOLS;
        pcap4j("pcap4j raw", "loop, byte arrays", "loop-raw", FOR_LIBRARIES, pcap4jPath);
        pcap4j("pcap4j packets", "loop, packet objects", "loop-packets", FOR_LIBRARIES, pcap4jPath);
        pcap4j("pcap4j next raw", "getNextRawPacket", "next-raw", slow, pcap4jPath);
        pcap4j("pcap4j next", "getNextPacket", "next-packets", slow, pcap4jPath);
        return this;
    }

    private void pcap4j(String name, String about, String way, Set<String> workloads, String path) {
        add(
                name,
                "pcap4j 1.8: " + about + ", bare table",
                Side.LIBRARY,
                way.startsWith("next") ? SLOWEST_PASSES : SLOW_PASSES,
                workloads,
                (input, passes) ->
                        Jvm.command(
                                path,
                                "io.flowscope.bench.pcap4j.Pcap4jPasses",
                                input.file(),
                                passes,
                                way));
    }

    /** Tools that are installed; each writes what it finds to nowhere. */
    public Contenders addTools(Path scratch) {
        String to = scratch.toString();
        Set<String> most = FOR_TOOLS;
        Set<String> some = FOR_SLOW_TOOLS;
        tool(TCPDUMP, "copies packets", most, in -> List.of("-r", in, "-w", "/dev/null"));
        tool(
                TCPDUMP_FILTER,
                "to a file, filter " + FILTER,
                FOR_PARTS,
                in -> List.of("-r", in, "-w", to + "/tcpdump.pcap", FILTER));
        tool(
                "softflowd",
                "exports to nobody",
                most,
                in -> List.of("-d", "-m", "2000000", "-r", in));
        tool("argus", "writes to nowhere", most, in -> List.of("-r", in, "-w", "/dev/null"));
        tool("nfpcapd", "writes flow files", most, in -> List.of("-r", in, "-l", to));
        tool("ndpiReader", "detects protocols", some, in -> List.of("-q", "-i", in));
        tool(
                "tshark",
                "TCP and UDP conversations",
                some,
                in -> List.of("-n", "-q", "-z", "conv,tcp", "-z", "conv,udp", "-r", in));
        tool("tcpflow", "streams to files", Set.of("bulk"), in -> List.of("-o", to, "-r", in));
        return this;
    }

    private interface Arguments {
        List<String> of(String file);
    }

    private void tool(String name, String about, Set<String> workloads, Arguments arguments) {
        int space = name.indexOf(' ');
        Path program = find(space < 0 ? name : name.substring(0, space));
        if (program == null) {
            missing.put(name, "not installed");
            return;
        }
        add(
                name,
                "whole process: " + about,
                Side.TOOL,
                0,
                workloads,
                (Input input, int passes) -> {
                    List<String> command = new ArrayList<>();
                    command.add(program.toString());
                    command.addAll(arguments.of(input.file().toString()));
                    return command;
                });
    }

    private static @Nullable Path find(String name) {
        String folders = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
        for (String folder : folders.split(":", -1)) {
            Path program = Path.of(folder, name);
            if (!folder.isEmpty() && Files.isExecutable(program)) {
                return program;
            }
        }
        return null;
    }

    private void add(
            String name,
            String about,
            Side side,
            int passes,
            Set<String> workloads,
            Contender.Command command) {
        int rounds = SLOW.contains(name) ? Contender.FEW_ROUNDS : Contender.EVERY_ROUND;
        all.add(new Contender(name, about, side, passes, rounds, workloads, command));
    }
}
