package io.flowscope.tracker.session;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What tshark says of a capture, as rows of fields; innermost headers count. */
public final class TsharkPackets {
    private TsharkPackets() {}

    /** One transport payload. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Packet(
            long nanos,
            boolean tcp,
            String stream,
            String from,
            int to,
            long sequence,
            int flags,
            byte[] payload) {
        /** A FIN or RST. */
        public boolean closes() {
            return tcp && (flags & 5) != 0;
        }
    }

    /** The values of fields, for the packets that a filter lets through. */
    public static List<String[]> rows(
            Path capture, String filter, String occurrence, String... fields) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "tshark",
                                "-n",
                                "-r",
                                capture.toString(),
                                "-T",
                                "fields",
                                "-E",
                                "separator=|",
                                "-E",
                                "occurrence=" + occurrence,
                                "-E",
                                "aggregator=;",
                                "-Y",
                                filter));
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String[]> rows = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(line.split("\\|", -1));
            }
        }
        return rows;
    }

    /** All TCP and UDP packets. */
    public static List<Packet> of(Path capture) throws IOException {
        List<Packet> packets = new ArrayList<>();
        for (String[] r :
                rows(
                        capture,
                        "(tcp or udp) and not icmp and not icmpv6",
                        "l",
                        "frame.time_epoch",
                        "tcp.stream",
                        "udp.stream",
                        "ip.src",
                        "ipv6.src",
                        "tcp.srcport",
                        "udp.srcport",
                        "tcp.seq_raw",
                        "tcp.flags",
                        "tcp.payload",
                        "udp.payload",
                        "tcp.dstport",
                        "udp.dstport")) {
            boolean tcp = !r[1].isEmpty() && !r[7].isEmpty();
            packets.add(
                    new Packet(
                            r[0].isEmpty() ? 0 : nanos(r[0]),
                            tcp,
                            tcp ? "t" + r[1] : "u" + r[2],
                            (r[3].isEmpty() ? r[4] : r[3]) + " " + (tcp ? r[5] : r[6]),
                            Integer.parseInt(tcp ? r[11] : r[12]),
                            tcp ? Long.parseLong(r[7]) : 0,
                            tcp ? Integer.decode(r[8]) : 0,
                            HexFormat.of().parseHex((tcp ? r[9] : r[10]).replace(":", ""))));
        }
        return packets;
    }

    /** Newer versions of tshark put a fraction of more than a second in brackets. */
    private static long nanos(String text) {
        return new BigDecimal(text.replaceAll("[^0-9.]", "")).movePointRight(9).longValue();
    }

    /** Bytes of a TCP direction in order, the first copy of each counting; simple on purpose. */
    static final class Order {
        private long next = -1;
        private final List<Packet> waiting = new ArrayList<>();

        /** What a packet makes available, piece by piece. */
        List<byte[]> take(Packet packet) {
            if (next < 0) {
                next = packet.sequence() + ((packet.flags() & 2) != 0 ? 1 : 0);
                if ((packet.flags() & 2) != 0 && packet.payload().length == 0) {
                    return List.of();
                }
            }
            if ((packet.flags() & 4) != 0) {
                return List.of();
            }
            waiting.add(packet);
            List<byte[]> ready = new ArrayList<>();
            boolean moved = true;
            while (moved) {
                moved = false;
                for (Packet p : List.copyOf(waiting)) {
                    long start = p.sequence() + ((p.flags() & 2) != 0 ? 1 : 0);
                    long skip = (next - start) & 0xffffffffL;
                    if (skip > 0x7fffffffL) {
                        continue;
                    }
                    waiting.remove(p);
                    if (skip < p.payload().length) {
                        byte[] part =
                                Arrays.copyOfRange(p.payload(), (int) skip, p.payload().length);
                        ready.add(part);
                        next = (next + part.length) & 0xffffffffL;
                        moved = true;
                    }
                }
            }
            return ready;
        }
    }
}
