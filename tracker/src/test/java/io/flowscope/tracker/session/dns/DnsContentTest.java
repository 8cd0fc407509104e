package io.flowscope.tracker.session.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Objects;

class DnsContentTest {
    private final DnsReader reader = new DnsReader();

    private DnsContent read(byte[] bytes) {
        DnsContent content = reader.read(bytes, bytes.length);
        return Objects.requireNonNull(content, reader.refusal());
    }

    private String refusal(byte[] bytes) {
        assertNull(reader.read(bytes, bytes.length));
        return reader.refusal();
    }

    private static DnsBytes response(int answers) {
        return DnsBytes.header(7, 0x8180, 1, answers, 0, 0).name("a.example").u16(255).u16(1);
    }

    private String text(int type, byte[] data) {
        DnsContent content = read(response(1).record(type, data).bytes());
        assertEquals("", content.defect());
        assertEquals("a.example", content.answers().getFirst().name().toString());
        return content.answers().getFirst().data().text();
    }

    private static DnsBytes data() {
        return new DnsBytes();
    }

    @Test
    void headerFlagsHaveTheirNames() {
        DnsContent content = read(DnsBytes.header(0xbeef, 0xffff, 0, 0, 0, 0).bytes());
        assertEquals(0xbeef, content.id());
        assertTrue(content.response());
        assertEquals(15, content.opcode());
        assertTrue(content.authoritative());
        assertTrue(content.truncated());
        assertTrue(content.recursionDesired());
        assertTrue(content.recursionAvailable());
        assertTrue(content.authenticData());
        assertTrue(content.checkingDisabled());
        assertEquals("RCODE15", content.rcodeName());
        DnsContent quiet = read(DnsBytes.header(0, 0, 0, 0, 0, 0).bytes());
        assertFalse(quiet.response() || quiet.authoritative() || quiet.truncated());
        assertEquals("NOERROR", quiet.rcodeName());
    }

    @Test
    void recordsAreWrittenLikeInZoneFiles() {
        assertEquals("192.0.2.1", text(1, data().u32(0xc0000201).bytes()));
        assertEquals("2001:db8::1", text(28, data().u32(0x20010db8).u32(0).u32(0).u32(1).bytes()));
        assertEquals("b.example", text(5, data().name("b.example").bytes()));
        assertEquals("b.a.example", text(2, data().string("b").u16(0xc00c).bytes()));
        assertEquals("b.example", text(12, data().name("b.example").bytes()));
        assertEquals("b.example", text(39, data().name("b.example").bytes()));
        assertEquals("10 mx.b", text(15, data().u16(10).name("mx.b").bytes()));
        assertEquals(
                "\"v=1 \\\"x\\\"\" \"\\007\"",
                text(16, data().string("v=1 \"x\"").string("\7").bytes()));
        assertEquals(
                "ns.b admin.b 1 2 3 4 4294967295",
                text(
                        6,
                        data().name("ns.b")
                                .name("admin.b")
                                .u32(1)
                                .u32(2)
                                .u32(3)
                                .u32(4)
                                .u32(-1)
                                .bytes()));
        assertEquals("1 2 443 t.b", text(33, data().u16(1).u16(2).u16(443).name("t.b").bytes()));
        assertEquals(
                "100 50 \"s\" \"SIP+D2U\" \"\" _sip._udp.b",
                text(
                        35,
                        data().u16(100)
                                .u16(50)
                                .string("s")
                                .string("SIP+D2U")
                                .string("")
                                .name("_sip._udp.b")
                                .bytes()));
        assertEquals("\\# 3 010203", text(43, data().raw((byte) 1, (byte) 2, (byte) 3).bytes()));
        assertEquals("\\# 0", text(1, data().bytes()));
    }

    @Test
    void serviceBindingsShowTheirParameters() {
        byte[] data =
                data().u16(1)
                        .name("")
                        .u16(0)
                        .u16(2)
                        .u16(1)
                        .u16(1)
                        .u16(6)
                        .string("h2")
                        .string("h3")
                        .u16(2)
                        .u16(0)
                        .u16(3)
                        .u16(2)
                        .u16(8443)
                        .u16(4)
                        .u16(4)
                        .u32(0xc0000201)
                        .u16(6)
                        .u16(16)
                        .u32(0x20010db8)
                        .u32(0)
                        .u32(0)
                        .u32(1)
                        .u16(5)
                        .u16(2)
                        .u16(0xabcd)
                        .u16(999)
                        .u16(1)
                        .u8(7)
                        .bytes();
        assertEquals(
                "1 . mandatory=alpn alpn=\"h2,h3\" no-default-alpn port=8443 ipv4hint=192.0.2.1"
                        + " ipv6hint=2001:db8::1 ech=0xabcd key999=0x07",
                text(65, data));
        assertEquals("0 alias.b", text(64, data().u16(0).name("alias.b").bytes()));
        assertEquals("1 . port=0x01", text(65, data().u16(1).name("").u16(3).u16(1).u8(1).bytes()));
    }

    @Test
    void ednsGivesTheRcodeItsUpperBits() {
        byte[] bytes =
                DnsBytes.header(1, 0x8000, 0, 0, 0, 1)
                        .name("")
                        .u16(41)
                        .u16(1232)
                        .u32(0x01008000)
                        .u16(12)
                        .u16(10)
                        .u16(8)
                        .u32(1)
                        .u32(2)
                        .bytes();
        DnsContent content = read(bytes);
        DnsEdns edns = content.edns();
        assertNotNull(edns);
        assertEquals(1232, edns.udpPayloadBytes());
        assertTrue(edns.dnssecOk());
        assertEquals(0, edns.version());
        assertEquals("0000000100000002", edns.options().getFirst().value().toHex());
        assertEquals(10, edns.options().getFirst().code());
        assertEquals(16, content.rcode());
        assertEquals("BADVERS", content.rcodeName());
        assertTrue(content.additionals().isEmpty());
    }

    @Test
    void dataThatDoesNotHaveItsTypesFormIsGivenRaw() {
        assertEquals("\\# 5 0102030405", text(1, new byte[] {1, 2, 3, 4, 5}));
        assertEquals("\\# 2 0561", text(16, new byte[] {5, 'a'}));
        assertEquals("\\# 4 01610001", text(5, new byte[] {1, 'a', 0, 1}));
    }

    @Test
    void specialCharactersInNamesAreEscaped() {
        byte[] bytes =
                DnsBytes.header(1, 0, 1, 0, 0, 0)
                        .string("a.b\\c")
                        .string("\u00e4 \0")
                        .string("Z")
                        .u8(0)
                        .u16(1)
                        .u16(1)
                        .bytes();
        DnsName name = read(bytes).questions().getFirst().name();
        assertEquals("a\\.b\\\\c.\\228\\032\\000.Z", name.toString());
        assertEquals(3, name.labels());
        assertEquals(".", read(DnsBytes.query(1, "", 1)).questions().getFirst().name().toString());
    }

    @Test
    void namesThatDifferInCaseAreEqual() {
        DnsName lower = read(DnsBytes.query(1, "www.example", 1)).questions().getFirst().name();
        DnsName upper = read(DnsBytes.query(1, "WWW.eXample", 1)).questions().getFirst().name();
        DnsName other = read(DnsBytes.query(1, "www-example", 1)).questions().getFirst().name();
        assertEquals(lower, upper);
        assertEquals(lower.hashCode(), upper.hashCode());
        assertNotEquals(lower, other);
    }

    @Test
    void aNameMayHave255BytesAndNoMore() {
        String label = "x".repeat(63);
        String longest = label + "." + label + "." + label + "." + "y".repeat(61);
        assertEquals(
                longest,
                read(DnsBytes.query(1, longest, 1)).questions().getFirst().name().toString());
        assertEquals(
                "questions: name longer than 255 bytes",
                refusal(DnsBytes.query(1, longest + "z", 1)));
    }

    @Test
    void pointersThatDoNotPointBackAreRefused() {
        String reason = "questions: compression pointer that does not point back";
        assertEquals(
                reason,
                refusal(DnsBytes.header(1, 0, 1, 0, 0, 0).u16(0xc00c).u16(1).u16(1).bytes()));
        assertEquals(
                reason,
                refusal(
                        DnsBytes.header(1, 0, 1, 0, 0, 0)
                                .string("a")
                                .u16(0xc00c)
                                .u16(1)
                                .u16(1)
                                .bytes()));
        assertEquals(
                reason,
                refusal(DnsBytes.header(1, 0, 1, 0, 0, 0).u16(0xc00e).u16(0xc00c).u32(0).bytes()));
    }

    @Test
    void labelsOfUnknownKindAreRefused() {
        assertEquals(
                "questions: label of an unknown kind",
                refusal(DnsBytes.header(1, 0, 1, 0, 0, 0).u8(0x41).u32(0).u32(0).bytes()));
        assertEquals(
                "questions: label of an unknown kind",
                refusal(DnsBytes.header(1, 0, 1, 0, 0, 0).u8(0x80).u32(0).u32(0).bytes()));
    }

    @Test
    void aCompressionBombIsCutShort() {
        DnsBytes bomb = DnsBytes.header(1, 0x8000, 1, 5000, 0, 0);
        bomb.name(
                "x".repeat(63)
                        + "."
                        + "x".repeat(63)
                        + "."
                        + "x".repeat(63)
                        + "."
                        + "y".repeat(61));
        bomb.u16(1).u16(1);
        for (int i = 0; i < 5000; i++) {
            bomb.u16(0xc00c).u16(1).u16(1).u32(0).u16(0);
        }
        DnsContent content = read(bomb.bytes());
        assertEquals("names larger than 256 KiB when decompressed", content.defect());
        assertTrue(content.answers().size() < 1100, "kept " + content.answers().size());
    }

    @Test
    void aCutMessageGivesTheRecordsBeforeTheCut() {
        byte[] whole = response(2).record(1, new byte[4]).record(1, new byte[4]).bytes();
        for (int length = 0; length < whole.length; length++) {
            DnsContent content = reader.read(whole, length);
            if (content != null) {
                assertEquals("cut short", content.defect());
                assertEquals(length >= whole.length - 16 ? 1 : 0, content.answers().size());
            }
        }
        assertEquals("", read(whole).defect());
    }

    @Test
    void countsThatLieDoNotReserveMemory() {
        DnsContent content = read(DnsBytes.header(1, 0x8000, 0, 65535, 65535, 65535).bytes());
        assertEquals("cut short", content.defect());
        assertTrue(content.answers().isEmpty());
    }

    @Test
    void aBadNameInDataEndsTheMessage() {
        DnsContent content =
                read(
                        response(2)
                                .record(5, data().u16(0xc0ff).bytes())
                                .record(1, new byte[4])
                                .bytes());
        assertEquals("compression pointer that does not point back", content.defect());
        assertTrue(content.answers().isEmpty());
    }

    @Test
    void typesWithoutNameShowTheirNumber() {
        DnsContent content = read(response(1).record(65534, new byte[0]).bytes());
        assertEquals("TYPE65534", content.answers().getFirst().typeName());
        assertInstanceOf(DnsData.Raw.class, content.answers().getFirst().data());
    }

    @Test
    void optionsNameAllMistakesAtOnce() {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class, () -> new DnsOptions(Duration.ZERO, -1));
        assertEquals(
                "responseTimeout: more than 0, at most 1 day, was PT0S; maxPending: 0 to 10000000,"
                        + " was -1",
                e.getMessage());
    }
}
