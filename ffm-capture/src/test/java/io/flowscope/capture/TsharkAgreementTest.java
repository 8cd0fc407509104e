package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Packet for packet what tshark reads: how many, both lengths, the time to the nanosecond, the link
 * type.
 */
@Tag("slow")
class TsharkAgreementTest {
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);

    /** What tshark calls the link types that captures have; it numbers them in its own way. */
    private static final Map<Integer, Integer> ENCAPSULATIONS =
            Map.ofEntries(
                    Map.entry(0, 15), // BSD loopback
                    Map.entry(1, 1), // Ethernet
                    Map.entry(6, 2), // Token Ring
                    Map.entry(9, 4), // PPP
                    Map.entry(101, 7), // raw IP
                    Map.entry(105, 20), // 802.11
                    Map.entry(113, 25), // Linux cooked
                    Map.entry(127, 23), // 802.11 with radiotap
                    Map.entry(228, 129), // raw IPv4
                    Map.entry(229, 130), // raw IPv6
                    Map.entry(242, 180), // IP over InfiniBand
                    Map.entry(276, 210)); // Linux cooked, version 2

    private static List<Path> captures(String folder) throws Exception {
        try (Stream<Path> files = Files.list(Needs.captures().resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().contains(".pcap"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void realCapturesAreReadAsTsharkReadsThem() throws Exception {
        Needs.tool("tshark");
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("real", "derived", "community-id")) {
            files.addAll(captures(folder));
        }
        files.parallelStream().forEach(TsharkAgreementTest::agree);
    }

    private static void agree(Path file) {
        List<String> seen;
        try {
            seen = tshark(file);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(file.toString(), e);
        }
        agree(file, seen, false);
        agree(file, seen, true);
    }

    private static void agree(Path file, List<String> seen, boolean mapped) {
        var options = CaptureFileOptions.builder().mapped(mapped).build();
        List<Packet> packets;
        boolean pcapng;
        try (CaptureFile capture = CaptureFile.open(file, options)) {
            packets = Packet.of(capture);
            pcapng = capture.format() == CaptureFormat.PCAPNG;
            assertEquals(Ending.Outcome.COMPLETE, capture.ending().outcome(), file::toString);
        }
        List<String> expected = new ArrayList<>();
        List<String> got = new ArrayList<>();
        for (String line : seen) {
            String[] fields = line.split("\t", -1);
            // Blocks without a packet show up as frames of no interface, or of no link type.
            if (pcapng && (fields[3].isEmpty() || fields[4].isEmpty())) {
                continue;
            }
            int index = expected.size();
            boolean timed = !fields[0].isEmpty();
            long nanos = timed ? nanos(fields[0]) : -1;
            expected.add(nanos + " " + fields[1] + " " + fields[2] + " link " + fields[4]);
            if (index < packets.size()) {
                Packet packet = packets.get(index);
                long own = timed ? packet.timestampNanos() : -1;
                // One that is not in the table is to be added to it.
                int link = ENCAPSULATIONS.getOrDefault(packet.linkType(), -packet.linkType());
                got.add(own + " " + packet.captured() + " " + packet.length() + " link " + link);
            }
        }
        assertEquals(expected, got, file::toString);
        assertEquals(expected.size(), packets.size(), file::toString);
    }

    private static List<String> tshark(Path file) throws IOException, InterruptedException {
        return Tools.lines(
                "tshark",
                "-r",
                file.toString(),
                "-T",
                "fields",
                "-e",
                "frame.time_epoch",
                "-e",
                "frame.cap_len",
                "-e",
                "frame.len",
                "-e",
                "frame.interface_id",
                "-e",
                "frame.encap_type");
    }

    /**
     * tshark prints a fraction of more than a second as it stands in the file, in newer versions
     * with its unit and in brackets.
     */
    private static long nanos(String text) {
        int point = text.indexOf('.');
        long seconds = Long.parseLong(text.substring(0, point));
        String fraction = text.substring(point + 1).replaceAll("\\D", "");
        long units = fraction.length() > 9 ? Long.parseLong(fraction) : 0;
        return fraction.length() > 9
                ? seconds * 1_000_000_000L + units
                : new BigDecimal(text).multiply(NANOS).longValueExact();
    }
}
