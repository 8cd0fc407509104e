package io.flowscope.cli.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.cli.ipfix.IpfixFile;
import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.parquet.ParquetFile;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.TcpState;
import io.flowscope.tracker.packet.Encapsulation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** IPFIX and Parquet of rows that no capture has. */
@Execution(ExecutionMode.CONCURRENT)
class BinaryFlowsTest {
    private static byte[] bytes(Function<ByteSink, FlowOutput> output, List<FlowRow> rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteSink out = new ByteSink(bytes);
        FlowOutput flows = output.apply(out);
        flows.begin();
        rows.forEach(flows::write);
        flows.end();
        out.flush();
        return bytes.toByteArray();
    }

    private static ParquetFile parquet(boolean withFile, List<FlowRow> rows) {
        return new ParquetFile(bytes(out -> new ParquetFlows(out, withFile, "x", 3), rows));
    }

    private static IpfixFile ipfix(List<FlowRow> rows) {
        return new IpfixFile(bytes(IpfixFlows::new, rows));
    }

    private static FlowRow extreme() {
        FlowRow row = new FlowRow();
        row.protocol = Protocols.TCP;
        row.ipVersion = 6;
        row.sourceHigh = -1;
        row.sourceLow = -2;
        row.destinationHigh = Long.MIN_VALUE;
        row.sourcePort = 65_535;
        row.startedNanos = Long.MIN_VALUE;
        row.lastSeenNanos = Long.MAX_VALUE;
        for (FlowRow.SideCounts side : List.of(row.initiator, row.responder)) {
            side.packets = Long.MAX_VALUE;
            side.bytes = Long.MAX_VALUE - 1;
            side.payload = Long.MAX_VALUE - 2;
            side.retransmits = Long.MAX_VALUE - 3;
            side.ipBytes = Long.MAX_VALUE - 4;
            side.tcpFlags = 255;
        }
        row.roundTrips = 1;
        row.roundTripMinNanos = Long.MAX_VALUE;
        row.roundTripSumNanos = Long.MAX_VALUE;
        row.vlan = 4_095;
        row.tunnel = Encapsulation.IP_IN_IP;
        row.state = TcpState.ESTABLISHED;
        row.reason = EndReason.BUFFER_OVERFLOW;
        row.history = "ShADadtFf";
        return row;
    }

    @Test
    void parquetKeepsTheExtremes() {
        Map<String, Object> row = parquet(false, List.of(extreme())).rows().get(0);
        assertEquals("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe", row.get("src"));
        assertEquals("8000::", row.get("dst"));
        assertEquals(BigInteger.valueOf(65_535), row.get("src_port"));
        assertEquals(BigInteger.ZERO, row.get("dst_port"));
        assertEquals(Long.MIN_VALUE, row.get("started"));
        assertEquals(Long.MAX_VALUE, row.get("last_seen"));
        assertEquals(BigInteger.valueOf(Long.MAX_VALUE), row.get("packets_responder"));
        assertEquals(BigInteger.valueOf(Long.MAX_VALUE - 3), row.get("retransmits_initiator"));
        assertEquals(BigInteger.valueOf(Long.MAX_VALUE / 1_000), row.get("rtt_min_us"));
        assertEquals(BigInteger.valueOf(4_095), row.get("vlan"));
        assertEquals("ip-in-ip", row.get("tunnel"));
        assertEquals("buffer_overflow", row.get("reason"));
    }

    @Test
    void ipfixKeepsTheExtremes() {
        IpfixFile.Flow flow = ipfix(List.of(extreme())).flows().get(0);
        assertEquals(Long.MAX_VALUE, flow.number("2"));
        assertEquals(Long.MAX_VALUE, flow.number("2r"));
        assertEquals(Long.MAX_VALUE - 1, flow.number("352r"));
        assertEquals(Long.MAX_VALUE - 2, flow.number("401"));
        assertEquals(Long.MAX_VALUE - 4, flow.number("1r"));
        assertEquals(255, flow.number("6"));
        assertEquals(4_095, flow.number("243"));
        assertEquals(65_535, flow.number("7"));
        assertEquals(5, flow.number("136"));
        assertEquals(1, flow.number("239"));
    }

    @Test
    void nanosecondsSurviveWhetherTheReaderCutsOrRounds() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            long seconds = random.nextLong(1L << 31);
            long nanos = i < 10 ? i : i < 20 ? 999_999_999 - i % 10 : random.nextInt(1_000_000_000);
            long ntp = IpfixField.ntp(seconds * 1_000_000_000L + nanos);
            long fraction = ntp & 0xffff_ffffL;
            assertEquals((seconds + 2_208_988_800L) & 0xffff_ffffL, ntp >>> 32);
            assertEquals(nanos, fraction * 1_000_000_000L >>> 32);
            assertEquals(nanos, Math.round(fraction * 1e9 / 4294967296.0));
        }
        assertEquals((2_208_988_799L << 32) + 4_294_967_292L, IpfixField.ntp(-1));
    }

    @Test
    void everyEndHasItsReason() {
        List<Long> reasons = new ArrayList<>();
        for (EndReason reason : EndReason.values()) {
            FlowRow row = extreme();
            row.reason = reason;
            reasons.add(ipfix(List.of(row)).flows().get(0).number("136"));
        }
        // fin, rst, idle, evicted, buffer_overflow, parse_error, reused, finished
        assertEquals(List.of(3L, 3L, 1L, 5L, 5L, 4L, 3L, 4L), reasons);
    }

    @Test
    void whatIsNotKnownIsInNoTemplate() {
        FlowRow row = extreme();
        row.responder.ipBytes = -1;
        row.vlan = -1;
        Map<String, byte[]> partial = ipfix(List.of(row)).flows().get(0).values();
        for (String absent : List.of("1", "1r", "6", "6r", "243")) {
            assertFalse(partial.containsKey(absent), absent);
        }
        assertTrue(partial.containsKey("352r"));
        row.protocol = 47;
        Map<String, byte[]> gre = ipfix(List.of(row)).flows().get(0).values();
        assertFalse(gre.containsKey("7"));
        assertFalse(gre.containsKey("32"));
    }

    @Test
    void icmpInTheOtherVersionOfIpKeepsItsOwnElement() {
        FlowRow row = extreme();
        row.ipVersion = 4;
        row.protocol = Protocols.ICMP6;
        row.icmpType = 255;
        row.icmpCode = 254;
        Map<String, byte[]> values = ipfix(List.of(row)).flows().get(0).values();
        assertTrue(values.containsKey("8"));
        assertEquals(0xfffe, ipfix(List.of(row)).flows().get(0).number("139"));
        row.protocol = Protocols.ICMP;
        assertEquals(0xfffe, ipfix(List.of(row)).flows().get(0).number("32"));
    }

    @Test
    void everyVariantIsAnnouncedOncePerDomain() {
        Random random = new Random(8);
        List<FlowRow> rows = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            FlowRow row = extreme();
            row.file = "file " + random.nextInt(3);
            row.protocol = List.of(1, 6, 17, 47, 58).get(random.nextInt(5));
            row.icmpType = row.protocol == 1 || row.protocol == 58 ? 8 : -1;
            row.ipVersion = random.nextBoolean() ? 4 : 6;
            row.vlan = random.nextBoolean() ? 7 : -1;
            row.initiator.ipBytes = random.nextBoolean() ? 7 : -1;
            row.initiator.packets = i;
            rows.add(row);
        }
        IpfixFile file = ipfix(rows);
        assertEquals(2_000, file.flows().size());
        for (int i = 0; i < 2_000; i++) {
            IpfixFile.Flow flow = file.flows().get(i);
            assertEquals(i, flow.number("2"));
            assertEquals(rows.get(i).file, file.domainNames().get(flow.domain()));
        }
        for (long domain = 1; domain <= 3; domain++) {
            // Five kinds, twice each for IPv6, VLAN and partial; and the option.
            assertEquals(41, file.templates(domain));
        }
        assertTrue(file.messageBytes().stream().allMatch(length -> length <= 1_400));
    }

    @Test
    void namesOfFilesComeBackWhateverTheyAre() {
        List<FlowRow> rows = new ArrayList<>();
        List<String> names =
                List.of("", "a,\"b\"", "ü\n\t", "\uD83D\uDE00", "x".repeat(254), "y".repeat(255));
        for (String name : names) {
            FlowRow row = extreme();
            row.file = name;
            rows.add(row);
        }
        assertEquals(names, parquet(true, rows).rows().stream().map(r -> r.get("file")).toList());
        IpfixFile file = ipfix(rows);
        assertEquals(
                names, file.flows().stream().map(f -> file.domainNames().get(f.domain())).toList());
    }

    @Test
    void aNameLongerThanAnyPathIsCut() {
        FlowRow row = extreme();
        row.file = "\uffff".repeat(100_000);
        IpfixFile file = ipfix(List.of(row));
        assertEquals("\uffff".repeat(4_096), file.domainNames().get(1L));
        assertEquals(1, file.flows().size());
    }

    @Test
    void withoutFlowsBothAreFilesAllTheSame() {
        ParquetFile parquet = parquet(true, List.of());
        assertEquals(24, parquet.columns().size());
        assertEquals(List.of(), parquet.rows());
        IpfixFile ipfix = ipfix(List.of());
        assertEquals(List.of(), ipfix.flows());
        assertEquals(8, ipfix.templates(0));
        assertEquals(List.of(0L), ipfix.exportSeconds());
    }

    @Test
    void messagesAreSentWhenTheirLastFlowHasEnded() {
        List<FlowRow> rows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            FlowRow row = extreme();
            row.lastSeenNanos = (i % 2 == 0 ? i : 0) * 1_000_000_000L + 1;
            rows.add(row);
        }
        List<Long> sent = ipfix(rows).exportSeconds();
        assertEquals(sent.stream().sorted().toList(), sent);
        assertEquals(99, sent.get(sent.size() - 1));
    }
}
