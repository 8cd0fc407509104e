package io.flowscope.tracker.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/** Random stacks of headers, some damaged or cut short, against the slow decoder. */
@Execution(ExecutionMode.CONCURRENT)
class ReferenceTest {
    private Random random = new Random(20261121);
    private final PacketDecoder decoder = new PacketDecoder();
    private final PacketCursor cursor = new PacketCursor();
    private int matched;
    private int tunnelled;

    @Test
    void agreesWithTheReferenceOnRandomPackets() {
        compare(20_000);
    }

    @Test
    @Tag("slow")
    void agreesWithTheReferenceOnManyMoreRandomPackets() {
        random = new Random(20261122);
        compare(200_000);
    }

    private void compare(int rounds) {
        for (int round = 0; round < rounds; round++) {
            byte[] packet = frame(random.nextInt(4));
            int wire = packet.length;
            if (random.nextInt(3) == 0) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            if (random.nextInt(3) == 0) {
                packet = Arrays.copyOf(packet, random.nextInt(packet.length + 1));
                wire = random.nextBoolean() ? wire : packet.length;
            }
            compare(packet, wire);
        }
        // The generator must not have become one of packets that nobody matches.
        assertEquals(
                true, matched > rounds / 2 && tunnelled > rounds / 6, matched + " " + tunnelled);
    }

    private void compare(byte[] packet, int wire) {
        String expected;
        try {
            ReferenceDecoder.Result result = ReferenceDecoder.decode(packet, wire);
            matched++;
            tunnelled += result.depth() > 0 ? 1 : 0;
            expected = result.toString();
        } catch (ReferenceDecoder.Unmatched e) {
            expected = e.outcome.toString();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = Packets.exact(arena, packet);
            boolean ours = decoder.decode(memory, 0, packet.length, wire, 0, 1, cursor);
            Bounds.check(cursor);
            assertEquals(
                    expected,
                    ours ? text(packet) : cursor.outcome().toString(),
                    () -> wire + " " + HexFormat.of().formatHex(packet));
        }
    }

    private String text(byte[] packet) {
        int bytes = cursor.ipVersion() == 6 ? 16 : 4;
        int at = (int) cursor.ipOffset() + (bytes == 16 ? 8 : 12);
        byte[] source = Arrays.copyOfRange(packet, at, at + bytes);
        byte[] destination = Arrays.copyOfRange(packet, at + bytes, at + 2 * bytes);
        assertEquals(address(source), cursor.sourceLow());
        assertEquals(address(destination), cursor.destinationLow());
        return new ReferenceDecoder.Result(
                        cursor.protocol(),
                        source,
                        destination,
                        cursor.sourcePort(),
                        cursor.destinationPort(),
                        (int) cursor.payloadOffset(),
                        cursor.payloadCaptured(),
                        cursor.payloadLength(),
                        cursor.fragmentState(),
                        cursor.depth())
                .toString();
    }

    /** The low 64 bits. */
    private static long address(byte[] bytes) {
        long value = 0;
        for (byte one : bytes) {
            value = value << 8 | (one & 0xff);
        }
        return value;
    }

    private byte[] frame(int depth) {
        boolean six = random.nextInt(3) == 0;
        int type = six ? 0x86dd : 0x0800;
        byte[] payload = six ? ipv6(depth) : ipv4(depth);
        for (int i = random.nextInt(6) - 3; i > 0; i--) {
            payload = Packets.vlan(random.nextInt(65536), type, payload);
            type = random.nextBoolean() ? 0x8100 : 0x88a8;
        }
        byte[] padding = new byte[random.nextInt(4) == 0 ? random.nextInt(20) : 0];
        return Packets.ethernet(type, Packets.bytes(payload, padding));
    }

    private byte[] ip(int depth, boolean six) {
        return six ? ipv6(depth) : ipv4(depth);
    }

    private byte[] ipv4(int depth) {
        byte[] options = new byte[random.nextInt(4) == 0 ? 4 * random.nextInt(4) : 0];
        int fragment =
                switch (random.nextInt(12)) {
                    case 0 -> 0x2000;
                    case 1 -> 0x2000 | random.nextInt(0x1fff);
                    case 2 -> 0x4000;
                    default -> 0;
                };
        int[] protocol = new int[1];
        byte[] payload = payload(depth, protocol);
        return Packets.ipv4(
                protocol[0], word(), word(), options, random.nextInt(65536), fragment, payload);
    }

    private byte[] ipv6(int depth) {
        int[] protocol = new int[1];
        byte[] payload = payload(depth, protocol);
        int next = protocol[0];
        for (int i = random.nextInt(5) - 2; i > 0; i--) {
            int kind = random.nextInt(4);
            if (kind == 3) {
                int offset = random.nextBoolean() ? 0 : random.nextInt(8000) << 3;
                payload = Packets.fragmentHeader(next, offset, random.nextBoolean(), 77, payload);
                next = 44;
            } else {
                payload = Packets.extension(next, payload);
                next = new int[] {0, 43, 60}[kind];
            }
        }
        return Packets.ipv6(
                next,
                word() + word() + word() + word(),
                word() + word() + word() + word(),
                payload);
    }

    private String word() {
        return HexFormat.of().toHexDigits(random.nextInt());
    }

    private byte[] payload(int depth, int[] protocol) {
        byte[] data = new byte[random.nextInt(40)];
        random.nextBytes(data);
        if (depth > 0) {
            boolean six = random.nextBoolean();
            int type = six ? 0x86dd : 0x0800;
            switch (random.nextInt(6)) {
                case 0 -> {
                    protocol[0] = six ? 41 : 4;
                    return ip(depth - 1, six);
                }
                case 1 -> {
                    protocol[0] = 47;
                    return Packets.gre(type, ip(depth - 1, six));
                }
                case 2 -> {
                    protocol[0] = 47;
                    return Packets.gre(0x6558, frame(depth - 1));
                }
                case 3 -> {
                    protocol[0] = 17;
                    return Packets.udp(9, 4789, Packets.vxlan(random.nextInt(), frame(depth - 1)));
                }
                case 4 -> {
                    protocol[0] = 17;
                    return Packets.udp(9, 2152, Packets.gtp(random.nextInt(), ip(depth - 1, six)));
                }
                default -> {}
            }
        }
        int source = random.nextInt(2000);
        int destination = random.nextInt(2000);
        return switch (random.nextInt(5)) {
            case 0 -> {
                protocol[0] = 17;
                yield Packets.udp(source, destination, data);
            }
            case 1 -> {
                protocol[0] = new int[] {1, 58, 50, 89, 59, 2}[random.nextInt(6)];
                yield data;
            }
            case 2 -> {
                protocol[0] = 132;
                yield Packets.sctp(source, destination, data);
            }
            default -> {
                protocol[0] = 6;
                byte[] options = new byte[4 * random.nextInt(11)];
                yield Packets.tcp(source, destination, random.nextInt(256), options, data);
            }
        };
    }
}
