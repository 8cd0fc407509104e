package io.flowscope.tracker.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flowscope.tracker.Needs;
import io.flowscope.tracker.packet.CaptureReader;
import io.flowscope.tracker.packet.Json;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

class CommunityIdTest {
    private static final long FROM = 0x80e8_6e78L;
    private static final long TO = 0x420b_1c1eL;

    @Test
    void publishedVectorsOfAllTransportsComeOut() {
        CommunityId id = new CommunityId();
        // 128.232.110.120:34855 and 66.35.250.204:80, from the specification's examples.
        assertEquals(
                "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
                id.of(false, 6, 0, FROM, 34855, 0, 0x4223_faccL, 80));
        assertEquals(
                "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
                id.of(false, 6, 0, 0x4223_faccL, 80, 0, FROM, 34855));
        // 192.168.1.52:54585 and 8.8.8.8:53.
        assertEquals(
                "1:d/FP5EW3wiY1vCndhwleRRKHowQ=",
                id.of(false, 17, 0, 0xc0a8_0134L, 54585, 0, 0x0808_0808L, 53));
        // 192.168.170.8:7 and 192.168.170.56:7.
        assertEquals(
                "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=",
                id.of(false, 132, 0, 0xc0a8_aa08L, 7, 0, 0xc0a8_aa38L, 7));
        // Echo from 192.168.0.89 to 192.168.0.1 and its reply.
        String echo = id.of(false, 1, 0, 0xc0a8_0059L, 8, 0, 0xc0a8_0001L, 0);
        assertEquals("1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", echo);
        assertEquals(echo, id.of(false, 1, 0, 0xc0a8_0001L, 0, 0, 0xc0a8_0059L, 0));
    }

    @Test
    void aSeedAndHexadecimalChangeTheText() {
        assertEquals(
                "1:3V71V58M3Ksw/yuFALMcW0LAHvc=",
                new CommunityId(1, true).of(false, 6, 0, FROM, 34855, 0, 0x4223_faccL, 80));
        String hex = new CommunityId(0, false).of(false, 6, 0, FROM, 34855, 0, TO, 80);
        assertEquals(2 + 40, hex.length());
        assertThrows(IllegalArgumentException.class, () -> new CommunityId(65536, true));
    }

    @Test
    void everyVectorOfTheSpecificationsCapturesComesOut() throws IOException {
        compare("baseline_deflt.json", new CommunityId());
        compare("baseline_nob64.json", new CommunityId(0, false));
        compare("baseline_seed1.json", new CommunityId(1, true));
    }

    private static void compare(String baseline, CommunityId id) throws IOException {
        Path folder = Needs.captures().resolve("community-id");
        Set<String> expected = new TreeSet<>();
        for (Object entry : (List<?>) Json.parse(Files.readString(folder.resolve(baseline)))) {
            Map<?, ?> flow = (Map<?, ?>) entry;
            expected.add(
                    "%s %s %s %s"
                            .formatted(
                                    flow.get("proto"),
                                    flow.get("saddr"),
                                    flow.get("daddr"),
                                    flow.get("communityid")));
        }
        assertEquals(expected, ours(folder, List.of("combined.pcap.gz"), id));
        List<String> single =
                List.of(
                        "icmp.pcap",
                        "icmp6.pcap",
                        "ipv6.pcap",
                        "rsvp.pcap",
                        "sctp.pcap",
                        "tcp.pcap",
                        "udp.pcap",
                        "arp.pcap");
        assertEquals(expected, ours(folder, single, id));
    }

    private static Set<String> ours(Path folder, List<String> files, CommunityId id)
            throws IOException {
        PacketDecoder decoder = new PacketDecoder();
        PacketCursor cursor = new PacketCursor();
        Set<String> found = new TreeSet<>();
        for (String file : files) {
            for (CaptureReader.Packet packet : CaptureReader.read(folder.resolve(file))) {
                MemorySegment memory = MemorySegment.ofArray(packet.bytes());
                int captured = packet.bytes().length;
                if (decoder.decode(
                        memory, 0, captured, packet.length(), 0, packet.linkType(), cursor)) {
                    String source = text(cursor, true);
                    String destination = text(cursor, false);
                    found.add(
                            "%d %s %s %s"
                                    .formatted(
                                            cursor.protocol(), source, destination, id.of(cursor)));
                }
            }
        }
        return found;
    }

    private static String text(PacketCursor cursor, boolean source) {
        long high = source ? cursor.sourceHigh() : cursor.destinationHigh();
        long low = source ? cursor.sourceLow() : cursor.destinationLow();
        return cursor.ipVersion() == 4 ? IpAddress.ipv4(low) : IpAddress.ipv6(high, low);
    }
}
