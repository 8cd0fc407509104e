package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.cli.ipfix.IpfixFile;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What tshark reads in our IPFIX files, field by field, beside the JSON lines. */
@Tag("slow")
class IpfixTsharkTest {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMM d, yyyy HH:mm:ss.nnnnnnnnn 'UTC'", Locale.US)
                    .withZone(ZoneOffset.UTC);
    private static final Map<String, String> PROTOCOLS =
            Map.of("icmp", "(1)", "tcp", "(6)", "udp", "(17)", "icmp6", "(58)", "sctp", "(132)");
    private static final Map<String, String> END_REASONS =
            Map.of("idle", "(1)", "fin", "(3)", "rst", "(3)", "reused", "(3)", "finished", "(4)");

    @TempDir Path folder;

    private static List<Map<String, String>> tshark(Path file) throws Exception {
        ProcessBuilder tshark = new ProcessBuilder("tshark", "-n", "-r", file.toString(), "-V");
        tshark.environment().put("TZ", "UTC");
        Run run = Run.process(tshark);
        assertEquals(0, run.code(), run.err());
        assertFalse(run.out().contains("Malformed"), run.out());
        assertFalse(run.out().contains("[Expert Info"), run.out());
        List<Map<String, String>> flows = new ArrayList<>();
        String domain = "";
        for (String line : run.out().lines().toList()) {
            String text = line.strip();
            if (text.startsWith("Observation Domain Id: ") && !line.startsWith("      ")) {
                domain = text.substring(23);
            } else if (text.matches("Flow \\d+")) {
                flows.add(new LinkedHashMap<>(Map.of("domain", domain)));
            } else if (text.startsWith("Set ")) {
                flows.add(new LinkedHashMap<>());
            } else if (text.contains(": ") && !flows.isEmpty()) {
                String[] both = text.split(": ", 2);
                boolean back = both[1].contains(" (Reverse ");
                String name = both[0] + (back ? " back" : "");
                flows.get(flows.size() - 1).putIfAbsent(name, both[1].split(" \\(Reverse ")[0]);
            }
        }
        flows.removeIf(f -> !f.containsKey("domain") || f.containsKey("Observation Domain Name"));
        return flows;
    }

    private static List<Map<String, Object>> check(Path file, Object... args) throws Exception {
        List<Object> line = new ArrayList<>(List.of("flows", "--format", "ipfix"));
        line.addAll(List.of(args));
        try (OutputStream out = Files.newOutputStream(file)) {
            assertEquals(0, Run.into(out, line.toArray()).code());
        }
        line.set(2, "ndjson");
        List<Map<String, Object>> expected = Json.lines(Run.of(line.toArray()).out());
        List<Map<String, String>> found = tshark(file);
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            compare(expected.get(i), found.get(i));
        }
        return expected;
    }

    private static void compare(Map<String, Object> line, Map<String, String> flow) {
        String all = line + "\n" + flow;
        assertEquals(line.get("src"), flow.get("SrcAddr"), all);
        assertEquals(line.get("dst"), flow.get("DstAddr"), all);
        String protocol = line.get("proto").toString();
        String number = PROTOCOLS.getOrDefault(protocol, "(" + protocol + ")");
        assertTrue(flow.get("Protocol").endsWith(number), all);
        assertEquals(text(line.get("src_port")), word(flow.get("SrcPort")), all);
        assertEquals(text(line.get("dst_port")), word(flow.get("DstPort")), all);
        assertEquals(text(line.get("vlan")), word(flow.get("Dot1q Vlan Id")), all);
        assertEquals(time(line.get("started")), flow.get("StartTime"), all);
        assertEquals(time(line.get("last_seen")), flow.get("EndTime"), all);
        assertEquals("Initiator (1)", flow.get("Biflow Direction"), all);
        String reason = END_REASONS.get(line.get("reason").toString());
        assertTrue(flow.get("Flow End Reason").endsWith(reason), all);
        for (String side : List.of("initiator", "responder")) {
            String back = side.equals("initiator") ? "" : " back";
            assertEquals(text(line.get("packets_" + side)), flow.get("Packets" + back), all);
            assertEquals(
                    text(line.get("bytes_" + side)),
                    flow.get("Layer2 Octet Delta Count" + back),
                    all);
            assertEquals(
                    text(line.get("payload_" + side)),
                    flow.get("Transport_Octet_Delta_Count" + back),
                    all);
            assertEquals(protocol.equals("tcp"), flow.containsKey("TCP Flags" + back), all);
        }
        assertEquals(
                protocol.startsWith("icmp"),
                flow.containsKey("ICMP Type") || flow.containsKey("IPv6 ICMP Type"),
                all);
    }

    private static String text(Object number) {
        return number == null ? "absent" : number.toString();
    }

    private static String word(String value) {
        return value == null ? "absent" : value.split(" ")[0];
    }

    private static String time(Object seconds) {
        BigDecimal time = new BigDecimal(seconds.toString());
        long whole = time.longValue();
        long nanos = time.remainder(BigDecimal.ONE).movePointRight(9).longValueExact();
        return TIME.format(Instant.ofEpochSecond(whole, nanos))
                .replaceFirst("(\\w{3}) (\\d),", "$1  $2,");
    }

    @Test
    void tsharkReadsTheSampleAsWeWroteIt() throws Exception {
        Needs.tool("tshark");
        Path sample = Needs.project().resolve("samples/sample.pcap");
        check(folder.resolve("a.ipfix"), sample);
        check(folder.resolve("b.ipfix"), "--layer", "outermost", sample);
    }

    @Test
    void tsharkReadsManyMessagesOfAGeneratedCapture() throws Exception {
        Needs.tool("tshark");
        Path file = folder.resolve("x.pcap");
        Run.of("generate", "--flows", 1_000, "--packets", 8_000, "--loss", "2%", "-w", file);
        assertTrue(check(folder.resolve("x.ipfix"), file).size() >= 1_000);
    }

    @Test
    void tsharkReadsEachFileAsItsOwnDomain() throws Exception {
        Needs.tool("tshark");
        Path sample = Needs.project().resolve("samples/sample.pcap");
        Path file = folder.resolve("two.ipfix");
        check(file, sample, sample.resolveSibling("./sample.pcap"));
        Run run = Run.process(new ProcessBuilder("tshark", "-r", file.toString(), "-V"));
        assertTrue(run.out().contains("Observation Domain Name: " + sample), run.out());
        assertEquals(
                List.of("1", "2"),
                tshark(file).stream().map(f -> f.get("domain")).distinct().toList());
    }

    @Test
    void tcpFlagsAreThoseThatTsharkSeesInThePackets() throws Exception {
        Needs.tool("tshark");
        Path file = folder.resolve("x.pcap");
        Run.of("generate", "--flows", 300, "--packets", 6_000, "--seed", 9, "-w", file);
        Map<String, Integer> expected = new TreeMap<>();
        for (String line : fields(file, "ip.src", "tcp.srcport", "ip.dst", "tcp.dstport")) {
            String[] cells = line.split("\t", -1);
            String tuple = String.join(" ", cells[0], cells[1], cells[2], cells[3]);
            expected.merge(tuple, Integer.decode(cells[4]) & 0xff, (a, b) -> a | b);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Run.into(out, "flows", "--format", "ipfix", file);
        Map<String, Integer> found = new TreeMap<>();
        for (IpfixFile.Flow flow : new IpfixFile(out.toByteArray()).flows()) {
            if (flow.values().containsKey("6")) {
                String one = address(flow, "8") + " " + flow.number("7");
                String other = address(flow, "12") + " " + flow.number("11");
                found.merge(one + " " + other, (int) flow.number("6"), (a, b) -> a | b);
                found.merge(other + " " + one, (int) flow.number("6r"), (a, b) -> a | b);
            }
        }
        found.values().removeIf(flags -> flags == 0); // nothing came back
        assertEquals(expected, found);
        assertTrue(expected.size() > 100, "only " + expected.size());
    }

    private static List<String> fields(Path file, String... names) throws Exception {
        List<String> line = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
        line.addAll(List.of("-Y", "tcp", "-T", "fields"));
        for (String name : names) {
            line.addAll(List.of("-e", name));
        }
        line.addAll(List.of("-e", "tcp.flags"));
        return Run.process(new ProcessBuilder(line)).out().lines().toList();
    }

    private static String address(IpfixFile.Flow flow, String element) throws Exception {
        return InetAddress.getByAddress(flow.values().get(element)).getHostAddress();
    }
}
