package io.flowscope.capture.filter;

import java.nio.ByteBuffer;
import java.util.Random;

/** Packets of which a filter from {@link RandomExpressions} often speaks, whole and cut off. */
public final class RandomPackets {
    static final String[] HOSTS = {"10.0.0.1", "10.0.0.2", "10.1.2.3", "192.168.7.9", "224.0.0.5"};
    static final String[] HOSTS6 = {"2001:db8::1", "2001:db8::2", "fe80::1:2", "ff02::1"};
    static final int[] PORTS = {22, 53, 80, 443, 5353, 50000};
    static final String[] STATIONS = {
        "02:00:00:00:00:01", "02:00:00:00:00:02", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:05"
    };

    private final Random random;

    public RandomPackets(Random random) {
        this.random = random;
    }

    /** A packet of a link type. */
    public byte[] next(int linkType) {
        ByteBuffer packet = ByteBuffer.allocate(256);
        switch (linkType) {
            case LinkLayer.ETHERNET -> ethernet(packet);
            case LinkLayer.SLL -> {
                packet.putShort((short) random.nextInt(5)).putShort((short) 1).putShort((short) 6);
                packet.putLong(random.nextLong());
                typed(packet);
            }
            case LinkLayer.SLL2 -> {
                int at = packet.position();
                packet.position(at + 2);
                packet.putShort((short) 0).putInt(3).putShort((short) 1);
                packet.put((byte) random.nextInt(5)).put((byte) 6).putLong(random.nextLong());
                int type = type();
                packet.putShort(at, (short) type);
                network(packet, type);
            }
            case LinkLayer.NULL -> {
                boolean six = random.nextBoolean();
                packet.putInt(Integer.reverseBytes(six ? 10 : 2));
                network(packet, six ? LinkLayer.TYPE_IP6 : LinkLayer.TYPE_IP);
            }
            default ->
                    network(packet, random.nextBoolean() ? LinkLayer.TYPE_IP6 : LinkLayer.TYPE_IP);
        }
        int length = packet.position() + random.nextInt(20);
        packet.limit(random.nextInt(6) == 0 ? random.nextInt(length + 1) : length);
        byte[] bytes = new byte[packet.limit()];
        packet.get(0, bytes);
        return bytes;
    }

    private void ethernet(ByteBuffer packet) {
        station(packet);
        station(packet);
        for (int tags = Math.max(0, random.nextInt(6) - 3); tags > 0; tags--) {
            packet.putShort((short) (random.nextInt(3) == 0 ? 0x88a8 : 0x8100));
            packet.putShort((short) (random.nextInt(8) << 13 | random.nextInt(4)));
        }
        typed(packet);
    }

    private void station(ByteBuffer packet) {
        long bits = EthernetAddress.parse(STATIONS[random.nextInt(STATIONS.length)]);
        packet.putShort((short) (bits >>> 32)).putInt((int) bits);
    }

    private int type() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> LinkLayer.TYPE_IP;
            case 4, 5, 6 -> LinkLayer.TYPE_IP6;
            case 7 -> random.nextBoolean() ? LinkLayer.TYPE_ARP : LinkLayer.TYPE_RARP;
            case 8 -> 40 + random.nextInt(100);
            default -> 0x88cc;
        };
    }

    private void typed(ByteBuffer packet) {
        int type = type();
        packet.putShort((short) type);
        network(packet, type);
    }

    private void network(ByteBuffer packet, int type) {
        switch (type) {
            case LinkLayer.TYPE_IP -> ip(packet);
            case LinkLayer.TYPE_IP6 -> ip6(packet);
            case LinkLayer.TYPE_ARP, LinkLayer.TYPE_RARP -> {
                packet.putInt(0x00010800).putInt(0x06040001);
                station(packet);
                host(packet);
                station(packet);
                host(packet);
            }
            default -> noise(packet, 40);
        }
    }

    private void host(ByteBuffer packet) {
        int[] parts = IpAddress.dotted(HOSTS[random.nextInt(HOSTS.length)]);
        packet.putInt(IpAddress.leftAligned(parts));
    }

    private int protocol(boolean six) {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> 6;
            case 3, 4 -> 17;
            case 5 -> 132;
            case 6 -> six ? 58 : 1;
            default -> random.nextInt(256);
        };
    }

    private void ip(ByteBuffer packet) {
        int protocol = protocol(false);
        int words = random.nextInt(3) == 0 ? random.nextInt(16) : 5;
        packet.put((byte) (0x40 | words)).put((byte) random.nextInt(256));
        packet.putShort((short) random.nextInt(1500)).putShort((short) random.nextInt());
        packet.putShort((short) (random.nextInt(4) == 0 ? random.nextInt(0x4000) : 0x4000));
        packet.put((byte) 64).put((byte) protocol).putShort((short) random.nextInt());
        host(packet);
        host(packet);
        noise(packet, Math.max(0, words - 5) * 4);
        transport(packet, protocol);
    }

    private void ip6(ByteBuffer packet) {
        int protocol = protocol(true);
        boolean fragment = random.nextInt(6) == 0;
        packet.putInt(0x60000000 | random.nextInt(1 << 20)).putShort((short) random.nextInt(1400));
        packet.put((byte) (fragment ? 44 : protocol)).put((byte) 64);
        for (int i = 0; i < 2; i++) {
            for (int word : IpAddress.parse6(HOSTS6[random.nextInt(HOSTS6.length)])) {
                packet.putInt(word);
            }
        }
        if (fragment) {
            packet.put((byte) protocol).put((byte) 0).putShort((short) random.nextInt());
            packet.putInt(random.nextInt());
        }
        transport(packet, protocol);
    }

    private void transport(ByteBuffer packet, int protocol) {
        if (protocol == 6 || protocol == 17 || protocol == 132) {
            packet.putShort((short) PORTS[random.nextInt(PORTS.length)]);
            packet.putShort((short) PORTS[random.nextInt(PORTS.length)]);
        } else {
            packet.put((byte) random.nextInt(10)).put((byte) random.nextInt(4));
        }
        noise(packet, 20);
    }

    private void noise(ByteBuffer packet, int bytes) {
        for (int i = 0; i < bytes; i++) {
            packet.put((byte) random.nextInt(256));
        }
    }
}
