package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flowscope.capture.generate.PcapWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The lengths that IP headers state, whatever stands around them on the wire. */
@Execution(ExecutionMode.CONCURRENT)
class ZeekIpBytesTest {
    private static final String FROM = "0a000001";
    private static final String TO = "0a000002";
    private static final String VXLAN_PORTS = "c350 12b5 0046 0000 08000000 00000700";

    @TempDir Path folder;

    private static String ethernet(String packet) {
        return "02000000000a 02000000000b 0800" + packet;
    }

    /** An IPv4 header with its length, and fragment bits where wanted. */
    private static String ip(int length, int fragment, int protocol, String from, String to) {
        return "4500 %04x 0001 %04x 40 %02x 0000 %s %s"
                .formatted(length, fragment, protocol, from, to);
    }

    private static String tcp(int from, int to, String flags) {
        return "%04x %04x 00000001 00000001 50 %s 2000 0000 0000".formatted(from, to, flags);
    }

    private Map<String, Object> only(String... frames) {
        Path file = folder.resolve("made.pcap");
        try (PcapWriter writer = PcapWriter.to(file, PcapWriter.Precision.NANOSECONDS, 1)) {
            long nanos = 1_000_000_000L;
            for (String frame : frames) {
                byte[] bytes = HexFormat.of().parseHex(frame.replace(" ", ""));
                nanos += 1_000_000;
                writer.onPacket(MemorySegment.ofArray(bytes), 0, bytes.length, bytes.length, nanos);
            }
        }
        String one = Run.of("flows", "--format", "zeek-json", file).out();
        assertEquals(one, Run.of("flows", "--format", "zeek-json", "--workers", 2, file).out());
        List<Map<String, Object>> flows = Json.lines(one);
        assertEquals(1, flows.size(), one);
        return flows.getFirst();
    }

    private static String bytes(Map<String, Object> flow) {
        return flow.get("orig_ip_bytes") + " " + flow.get("resp_ip_bytes");
    }

    @Test
    void paddingAndTrailersAreNotCounted() {
        String padding = "000000000000";
        Map<String, Object> flow =
                only(
                        ethernet(ip(40, 0, 6, FROM, TO) + tcp(5000, 80, "02") + padding),
                        ethernet(ip(40, 0, 6, TO, FROM) + tcp(80, 5000, "12") + padding),
                        ethernet(ip(43, 0, 6, FROM, TO) + tcp(5000, 80, "18") + "616263"));
        assertEquals("83 40", bytes(flow));
    }

    @Test
    void ofATunnelTheInnermostPacketCounts() {
        String inner = ethernet(ip(40, 0, 6, FROM, TO) + tcp(5000, 80, "02"));
        Map<String, Object> flow =
                only(ethernet(ip(90, 0, 17, "c0a80001", "c0a80002") + VXLAN_PORTS + inner));
        assertEquals("40 0", bytes(flow));
    }

    @Test
    void fragmentsCountEachWithItsHeader() {
        String first = ip(36, 0x2000, 17, FROM, TO) + "1388 1389 0018 0000 0000000000000000";
        String later = ip(28, 2, 17, FROM, TO) + "0000000000000000";
        assertEquals("64 0", bytes(only(ethernet(first), ethernet(later))));
    }

    @Test
    void aSideWithFragmentsThatHadToWaitIsNotKnown() {
        String first = ip(36, 0x2000, 17, FROM, TO) + "1388 1389 0018 0000 0000000000000000";
        String later = ip(28, 2, 17, FROM, TO) + "0000000000000000";
        Map<String, Object> flow = only(ethernet(later), ethernet(first));
        assertEquals("2", flow.get("orig_pkts").toString());
        assertEquals("null 0", bytes(flow));
    }
}
