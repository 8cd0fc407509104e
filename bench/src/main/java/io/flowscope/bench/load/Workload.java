package io.flowscope.bench.load;

import io.flowscope.capture.generate.PcapWriter;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.capture.generate.TrafficSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A capture file that programs are compared on.
 *
 * @param name short, for tables and files
 * @param about what is in it, a phrase
 * @param spec what the generator makes
 * @param maxFlows how many flows our table is to hold; the default unless there are more
 */
public record Workload(String name, String about, TrafficSpec spec, int maxFlows) {
    private static final int DEFAULT_MAX_FLOWS = 100_000;

    /** One TCP flow. */
    public static Workload oneFlow(long packets) {
        return of("1", "one TCP flow, 64–256 B of payload", base(1, packets).udpShare(0));
    }

    /** Ten thousand flows in random order. */
    public static Workload tenThousand(long packets) {
        return of("10k", "10 000 TCP and UDP flows in random order", base(10_000, packets));
    }

    /** A million flows in random order: every packet misses the caches. */
    public static Workload million(long packets) {
        return of(
                "1M",
                "1 000 000 flows in random order, small packets",
                base(1_000_000, packets).payload(16, 80));
    }

    /** Ten million flows, of which most packets are the first. */
    public static Workload tenMillion(long packets) {
        return of(
                "10M",
                "10 000 000 flows in random order, small packets",
                base(10_000_000, packets).payload(16, 80));
    }

    /** Datagrams of ten thousand flows: sent again and again they are nothing unusual. */
    public static Workload datagrams(long packets) {
        return of(
                "datagrams",
                "10 000 UDP flows in random order, 64–256 B of payload",
                base(10_000, packets).udpShare(1));
    }

    /** What an uplink of an office looks like: everything, and some of it goes wrong. */
    public static Workload mix(long packets) {
        return of(
                "mix",
                "11 000 flows, IPv4 and IPv6, TCP and UDP, tags, tunnels, loss, retransmissions",
                base(11_000, packets)
                        .concurrentFlows(3_000)
                        .payload(0, 1_400)
                        .udpShare(0.25)
                        .ipv6Share(0.2)
                        .vlanShare(0.1)
                        .vxlanShare(0.03)
                        .lossShare(0.002)
                        .reorderShare(0.005)
                        .retransmissionShare(0.003)
                        .duplicateShare(0.001));
    }

    /** Full segments of few streams, as of downloads. */
    public static Workload bulk(long packets) {
        return of(
                "bulk",
                "64 TCP streams of full segments (1 500 B), 1 % out of order",
                base(64, packets)
                        .payload(1_446, 1_446)
                        .pureAckShare(0.33)
                        .udpShare(0)
                        .reorderShare(0.01)
                        .retransmissionShare(0.001));
    }

    private static TrafficSpec.Builder base(int flows, long packets) {
        return TrafficSpec.builder().seed(20_260_101).flows(flows).packets(packets);
    }

    private static Workload of(String name, String about, TrafficSpec.Builder spec) {
        TrafficSpec built = spec.build();
        int more = built.flows() + built.flows() / 10;
        return new Workload(name, about, built, Math.max(DEFAULT_MAX_FLOWS, more));
    }

    /**
     * The file, written first if it is not in the cache.
     *
     * @param cache a folder; made if it is not there
     */
    public Path file(Path cache) throws IOException {
        // The name says what the content depends on, so that a changed spec is written anew.
        String fingerprint = Integer.toHexString(spec.hashCode());
        Path file = cache.resolve(name + "-" + spec.packets() + "-" + fingerprint + ".pcap");
        if (Files.exists(file)) {
            return file;
        }
        Files.createDirectories(cache);
        Path unfinished = Files.createTempFile(cache, name, ".writing");
        try (var generator = TrafficGenerator.of(spec);
                var writer =
                        PcapWriter.to(
                                unfinished,
                                PcapWriter.Precision.NANOSECONDS,
                                generator.linkType())) {
            generator.forEachBatch(writer);
        }
        return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
