package io.flowscope.tracker.packet;

import static io.flowscope.tracker.packet.Packets.bytes;
import static io.flowscope.tracker.packet.Packets.ethernet;
import static io.flowscope.tracker.packet.Packets.ipv4;
import static io.flowscope.tracker.packet.Packets.ipv6;
import static io.flowscope.tracker.packet.Packets.tcp;
import static io.flowscope.tracker.packet.Packets.udp;
import static io.flowscope.tracker.packet.Packets.vlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.PacketDescriptor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

@Execution(ExecutionMode.CONCURRENT)
class PacketDecoderTest {
    private final PacketDecoder decoder = new PacketDecoder();
    private final PacketCursor cursor = new PacketCursor();

    private boolean decode(byte[] packet) {
        return decode(packet, packet.length, 1);
    }

    private boolean decode(byte[] packet, int length, int linkType) {
        MemorySegment memory = MemorySegment.ofArray(packet);
        return decoder.decode(memory, 0, packet.length, length, 9, linkType, cursor);
    }

    @Test
    void aPlainSegmentHasAllItsFields() {
        plainSegment();
    }

    private void plainSegment() {
        assertTrue(decode(Samples.FRAME));
        assertEquals(0, cursor.macOffset());
        assertEquals(0x020000000001L, cursor.destinationMac());
        assertEquals(0x020000000002L, cursor.sourceMac());
        assertEquals(0x0800, cursor.etherType());
        assertEquals(14, cursor.ipOffset());
        assertEquals(20, cursor.ipHeaderLength());
        assertEquals(45, cursor.ipTotalLength());
        assertEquals(59, cursor.ipEndOffset());
        assertEquals(34, cursor.l4Offset());
        assertEquals(54, cursor.payloadOffset());
        assertEquals(0x10, cursor.trafficClass());
        assertEquals(0, cursor.flowLabel());
        assertEquals(0, cursor.vlanCount());
        assertEquals(-1, cursor.outerVlanId());
        assertNull(cursor.tunnel());
        assertEquals(PacketCursor.NO_ICMP, cursor.icmpType());
        assertEquals(9, cursor.timestampNanos());
    }

    @Test
    void nothingOfThePacketBeforeIsLeft() {
        byte[] tagged = ethernet(0x88a8, vlan(5, 0x8100, vlan(6, 0x0800, Samples.INNER)));
        assertTrue(decode(tagged));
        assertEquals(5, cursor.outerVlanId());
        assertEquals(6, cursor.innerVlanId());
        assertEquals(2, cursor.vlanCount());
        plainSegment();
        byte[] echo = ethernet(0x0800, ipv4(1, Samples.FROM, Samples.TO, bytes("0800 0000")));
        assertTrue(decode(echo));
        assertEquals(8, cursor.icmpType());
        assertEquals(0, cursor.tcpFlags());
        assertEquals(0, cursor.sourcePort());
        plainSegment();
        assertFalse(decode(ethernet(0x0806, new byte[28])));
        assertEquals(DecodeOutcome.NOT_IP, cursor.outcome());
        assertEquals(0x0806, cursor.etherType());
        assertEquals(0, cursor.macOffset());
        assertEquals(0, cursor.sourceLow());
        assertEquals(0, cursor.sourcePort());
        assertEquals(0, cursor.ipVersion());
        plainSegment();
    }

    @Test
    void ethernetPaddingIsNoPayload() {
        byte[] ack = ipv4(6, Samples.FROM, Samples.TO, tcp(1, 2, 0x10, new byte[0], new byte[0]));
        assertTrue(decode(bytes(ethernet(0x0800, ack), new byte[6])));
        assertEquals(0, cursor.payloadLength());
        assertEquals(54, cursor.ipEndOffset());
    }

    @Test
    void aTotalLengthOfZeroIsSegmentationOffload() {
        byte[] packet = Samples.FRAME.clone();
        packet[16] = 0;
        packet[17] = 0;
        assertTrue(decode(packet));
        assertEquals(5, cursor.payloadLength());
        assertEquals(45, cursor.ipTotalLength());
        byte[] six = ethernet(0x86dd, ipv6(6, Samples.FROM_6, Samples.TO_6, Samples.SEGMENT));
        six[18] = 0;
        six[19] = 0;
        assertTrue(decode(six));
        assertEquals(5, cursor.payloadLength());
    }

    @Test
    void aLengthBeyondTheWireIsCutAndFlagged() {
        byte[] packet = Samples.FRAME.clone();
        packet[16] = 5;
        assertTrue(decode(packet));
        assertTrue(cursor.overlong());
        assertEquals(5, cursor.payloadLength());
        assertTrue(decode(packet, 5000, 1));
        assertFalse(cursor.overlong());
        assertEquals(5 + 5 * 256, cursor.payloadLength());
        assertEquals(5, cursor.payloadCaptured());
    }

    @Test
    void headersThatContradictThemselvesAreMalformed() {
        byte[] shortHeader = Samples.FRAME.clone();
        shortHeader[14] = 0x44;
        assertFalse(decode(shortHeader));
        assertEquals(DecodeOutcome.MALFORMED, cursor.outcome());
        byte[] shortTotal = Samples.FRAME.clone();
        shortTotal[17] = 19;
        assertFalse(decode(shortTotal));
        byte[] shortOffset = Samples.FRAME.clone();
        shortOffset[46] = 0x40;
        assertFalse(decode(shortOffset));
        byte[] longOffset = Samples.FRAME.clone();
        longOffset[46] = (byte) 0xf0;
        assertFalse(decode(longOffset));
        assertEquals(DecodeOutcome.MALFORMED, cursor.outcome());
        byte[] datagram =
                ethernet(0x0800, ipv4(17, Samples.FROM, Samples.TO, udp(1, 2, Samples.HELLO)));
        datagram[39] = 7;
        assertFalse(decode(datagram));
    }

    @Test
    void portsWithoutTheRestOfTheHeaderMatch() {
        byte[] cut = java.util.Arrays.copyOf(Samples.FRAME, 38);
        assertTrue(decode(cut, Samples.FRAME.length, 1));
        assertEquals(40000, cursor.sourcePort());
        assertFalse(cursor.hasTcpHeader());
        assertEquals(0, cursor.tcpFlags());
        assertFalse(decode(java.util.Arrays.copyOf(cut, 37), Samples.FRAME.length, 1));
        assertEquals(DecodeOutcome.TRUNCATED, cursor.outcome());
    }

    @Test
    void aDescriptorsTagIsTheOutermost() {
        MemorySegment descriptors = MemorySegment.ofArray(new long[10]);
        long at = PacketDescriptor.BYTES;
        byte[] packet = ethernet(0x8100, vlan(6, 0x0800, Samples.INNER));
        MemorySegment memory = MemorySegment.ofArray(bytes("ffff", packet));
        descriptors.set(ValueLayout.JAVA_LONG_UNALIGNED, at + PacketDescriptor.OFFSET, 2);
        descriptors.set(ValueLayout.JAVA_LONG_UNALIGNED, at + PacketDescriptor.TIMESTAMP, 77);
        descriptors.set(ValueLayout.JAVA_INT, at + PacketDescriptor.CAPTURED, packet.length);
        descriptors.set(ValueLayout.JAVA_INT, at + PacketDescriptor.LENGTH, packet.length + 4);
        descriptors.set(ValueLayout.JAVA_SHORT, at + PacketDescriptor.LINK_TYPE, (short) 1);
        descriptors.set(ValueLayout.JAVA_INT, at + PacketDescriptor.INTERFACE, 3);
        short flags = PacketDescriptor.FLAG_VLAN | PacketDescriptor.DIRECTION_OUT;
        descriptors.set(ValueLayout.JAVA_SHORT, at + PacketDescriptor.FLAGS, flags);
        descriptors.set(ValueLayout.JAVA_SHORT, at + PacketDescriptor.VLAN_TCI, (short) 0x2007);
        assertTrue(decoder.decode(memory, descriptors, at, cursor));
        assertEquals(2, cursor.vlanCount());
        assertEquals(7, cursor.outerVlanId());
        assertEquals(6, cursor.innerVlanId());
        assertEquals(77, cursor.timestampNanos());
        assertEquals(packet.length + 4, cursor.length());
        assertEquals(3, cursor.interfaceIndex());
        assertEquals(flags, cursor.flags());
        assertEquals(2, cursor.macOffset());
        MemorySegment.copy(
                Samples.FRAME, 0, memory, ValueLayout.JAVA_BYTE, 2, Samples.FRAME.length);
        assertTrue(decoder.decode(memory, descriptors, at, cursor));
        assertEquals(1, cursor.vlanCount());
        assertEquals(7, cursor.innerVlanId());
        assertEquals(0x0800, cursor.etherType());
        assertEquals(2, cursor.macOffset());
    }

    @Test
    void fragmentsOfTwoTagsBesideTheFrameAreOfTwoScopes() {
        byte[] part =
                ethernet(0x0800, ipv4(17, "0a000001", "0a000002", new byte[0], 7, 3, new byte[8]));
        MemorySegment memory = MemorySegment.ofArray(part);
        MemorySegment descriptor = MemorySegment.ofArray(new long[5]);
        descriptor.set(ValueLayout.JAVA_INT, PacketDescriptor.CAPTURED, part.length);
        descriptor.set(ValueLayout.JAVA_INT, PacketDescriptor.LENGTH, part.length);
        descriptor.set(ValueLayout.JAVA_SHORT, PacketDescriptor.LINK_TYPE, (short) 1);
        short flags = PacketDescriptor.FLAG_VLAN;
        descriptor.set(ValueLayout.JAVA_SHORT, PacketDescriptor.FLAGS, flags);
        int[] scopes = new int[3];
        short[] tags = {10, 20, 0x200a};
        for (int i = 0; i < tags.length; i++) {
            descriptor.set(ValueLayout.JAVA_SHORT, PacketDescriptor.VLAN_TCI, tags[i]);
            assertTrue(decoder.decode(memory, descriptor, 0, cursor));
            assertTrue(cursor.fragmented());
            scopes[i] = cursor.fragmentScope();
        }
        assertTrue(scopes[0] != scopes[1], "the tag tells them apart");
        assertEquals(scopes[0], scopes[2], "the priority does not");
    }

    @Test
    void tcpOptionsAreReadWhereverTheyStand() {
        byte[] options = bytes("020405b4 0402 080a 00000007 00000008 01 030307");
        byte[] syn = tcp(1, 2, 2, options, new byte[0]);
        assertTrue(decode(ethernet(0x0800, ipv4(6, Samples.FROM, Samples.TO, syn))));
        TcpOptions found = cursor.tcpOptions();
        assertEquals(1460, found.maximumSegment());
        assertTrue(found.sackPermitted());
        assertEquals(7, found.windowScale());
        assertEquals(7, found.timestampValue());
        assertEquals(8, found.timestampEcho());
        byte[] usual = tcp(1, 2, 0x10, bytes("0101080a 00000009 0000000a"), Samples.HELLO);
        assertTrue(decode(ethernet(0x0800, ipv4(6, Samples.FROM, Samples.TO, usual))));
        assertEquals(9, cursor.tcpOptions().timestampValue());
        assertEquals(10, cursor.tcpOptions().timestampEcho());
        assertFalse(cursor.tcpOptions().hasWindowScale());
        byte[] lying = tcp(1, 2, 0x10, bytes("01 02 ff 00"), Samples.HELLO);
        assertTrue(decode(ethernet(0x0800, ipv4(6, Samples.FROM, Samples.TO, lying))));
        assertFalse(cursor.tcpOptions().hasMaximumSegment());
        assertFalse(cursor.tcpOptions().hasTimestamps());
        assertTrue(decode(Samples.FRAME));
        assertFalse(cursor.tcpOptions().hasTimestamps());
    }

    @Test
    void anIcmpErrorsQuotationIsDecodedApart() {
        PacketCursor quoted = new PacketCursor();
        byte[] quotation = java.util.Arrays.copyOf(Samples.INNER, 28);
        byte[] error = bytes("0301 0000 00000000", quotation);
        assertTrue(decode(ethernet(0x0800, ipv4(1, Samples.TO, "c0000201", error))));
        assertEquals(1, cursor.protocol());
        assertEquals(3, cursor.icmpType());
        assertEquals(1, cursor.icmpCode());
        assertTrue(decoder.decodeQuoted(cursor, quoted));
        assertEquals(6, quoted.protocol());
        assertEquals(40000, quoted.sourcePort());
        assertEquals(0x0a010203L, quoted.sourceLow());
        byte[] sixth =
                ipv6(58, Samples.FROM_6, Samples.TO_6, bytes("0100 0000 00000000", quotation));
        assertTrue(decode(ethernet(0x86dd, sixth)));
        assertTrue(decoder.decodeQuoted(cursor, quoted));
        assertEquals(80, quoted.destinationPort());
        byte[] echo = bytes("0800 0000 00000000", quotation);
        assertTrue(decode(ethernet(0x0800, ipv4(1, Samples.TO, "c0000201", echo))));
        assertFalse(decoder.decodeQuoted(cursor, quoted));
        byte[] cut = bytes("0301 0000 00000000", java.util.Arrays.copyOf(Samples.INNER, 23));
        assertTrue(decode(ethernet(0x0800, ipv4(1, Samples.TO, "c0000201", cut))));
        assertFalse(decoder.decodeQuoted(cursor, quoted));
        assertTrue(decode(Samples.FRAME));
        assertFalse(decoder.decodeQuoted(cursor, quoted));
    }

    @Test
    void teredoMayHaveATrailerBetweenItsOwnAddresses() {
        String client = "20010000" + Samples.FROM_6.substring(8);
        byte[] inner = ipv6(6, client, Samples.TO_6, Samples.SEGMENT);
        byte[] trailed = udp(5555, 3544, bytes(inner, "01040000"));
        assertTrue(decode(ethernet(0x0800, ipv4(17, Samples.FROM, Samples.TO, trailed))));
        assertEquals(6, cursor.protocol());
        assertEquals(5, cursor.payloadLength());
        byte[] others = ipv6(6, Samples.FROM_6, Samples.TO_6, Samples.SEGMENT);
        byte[] doubtful = udp(5555, 3544, bytes(others, "01040000"));
        assertTrue(decode(ethernet(0x0800, ipv4(17, Samples.FROM, Samples.TO, doubtful))));
        assertEquals(17, cursor.protocol());
    }

    @Test
    void switchHeadersAreLookedThroughWithTagsOnly() {
        DecoderOptions plain = DecoderOptions.builder().without(Encapsulation.VLAN).build();
        byte[][] packets = {
            ethernet(0x88e7, bytes("00001234", Samples.FRAME)),
            ethernet(0x8926, bytes("00010002 0800", Samples.INNER)),
            ethernet(0x893f, bytes("1000 0001 0002 0800", Samples.INNER)),
            ethernet(0x8903, bytes("07e0", Samples.FRAME)),
            ethernet(0x8909, bytes("0101 0001 0002 0800", Samples.INNER)),
            ethernet(0x8909, bytes("0102 0001 0002 0001 0003 0800", Samples.INNER)),
        };
        for (byte[] packet : packets) {
            MemorySegment memory = MemorySegment.ofArray(packet);
            PacketDecoder without = new PacketDecoder(plain);
            assertFalse(without.decode(memory, 0, packet.length, packet.length, 0, 1, cursor));
            assertEquals(DecodeOutcome.NOT_IP, cursor.outcome());
            assertTrue(decode(packet));
        }
    }

    @Test
    void whatIsNoTunnelOnATunnelsPortStaysWhatItIs() {
        java.util.Random random = new java.util.Random(3);
        int[] ports = {4789, 4790, 6081, 2152, 3544, 4754, 1701, 6635};
        for (int round = 0; round < 40_000; round++) {
            byte[] noise = new byte[60 + random.nextInt(40)];
            random.nextBytes(noise);
            byte[] datagram = udp(ports[round % 8], ports[random.nextInt(8)], noise);
            assertTrue(decode(ethernet(0x0800, ipv4(17, Samples.FROM, Samples.TO, datagram))));
            assertEquals(0, cursor.depth());
            assertEquals(17, cursor.protocol());
        }
    }

    @Test
    void arpInATunnelLeavesTheTunnelsFlow() {
        byte[] arp = Packets.vxlan(5, ethernet(0x0806, new byte[28]));
        assertTrue(decode(ethernet(0x0800, ipv4(17, Samples.FROM, Samples.TO, udp(7, 4789, arp)))));
        assertEquals(17, cursor.protocol());
        assertEquals(4789, cursor.destinationPort());
        assertNull(cursor.tunnel());
    }

    @Test
    void anInnerProtocolNobodyKnowsIsStillTheFlow() {
        byte[] inner = ipv4(99, Samples.FROM, Samples.TO, Samples.HELLO);
        assertTrue(decode(ethernet(0x0800, ipv4(4, "c0000201", "c0000202", inner))));
        assertEquals(99, cursor.protocol());
        assertEquals(5, cursor.payloadLength());
    }

    @Test
    void furtherPortsCanBeTunnels() {
        byte[] tunnel = udp(7, 8472, Packets.vxlan(5, Samples.FRAME));
        byte[] packet = ethernet(0x0800, ipv4(17, Samples.FROM, Samples.TO, tunnel));
        assertTrue(decode(packet));
        assertEquals(17, cursor.protocol());
        DecoderOptions options =
                DecoderOptions.builder().vxlanPorts(java.util.Set.of(8472)).build();
        MemorySegment memory = MemorySegment.ofArray(packet);
        new PacketDecoder(options).decode(memory, 0, packet.length, packet.length, 0, 1, cursor);
        assertEquals(6, cursor.protocol());
        assertEquals(Encapsulation.VXLAN, cursor.tunnel());
    }

    @Test
    void anUnknownLinkTypeIsSaidToBeOne() {
        assertFalse(decode(Samples.FRAME, Samples.FRAME.length, 147));
        assertEquals(DecodeOutcome.UNSUPPORTED_LINK_TYPE, cursor.outcome());
        assertFalse(LinkType.isSupported(147));
        assertEquals("link type 147 (not supported)", LinkType.describe(147));
        assertEquals("ETHERNET", LinkType.describe(1));
        for (LinkType type : LinkType.values()) {
            decode(new byte[60], 60, type.number());
            assertFalse(cursor.outcome() == DecodeOutcome.UNSUPPORTED_LINK_TYPE, type.name());
        }
    }

    @Test
    void allMistakesInOptionsAreNamedAtOnce() {
        DecoderOptions.Builder wrong =
                DecoderOptions.builder().maxDepth(9).vxlanPorts(java.util.Set.of(70000));
        IllegalArgumentException thrown =
                org.junit.jupiter.api.Assertions.assertThrows(
                        IllegalArgumentException.class, wrong::build);
        assertEquals(
                "maxDepth: 1 to 8, was 9; vxlanPorts: 1 to 65535, was 70000", thrown.getMessage());
    }
}
