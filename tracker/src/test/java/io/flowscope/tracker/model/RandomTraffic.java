package io.flowscope.tracker.model;

import static io.flowscope.tracker.model.TestPacket.ACK;
import static io.flowscope.tracker.model.TestPacket.FIN;
import static io.flowscope.tracker.model.TestPacket.PSH;
import static io.flowscope.tracker.model.TestPacket.RST;
import static io.flowscope.tracker.model.TestPacket.SYN;

import io.flowscope.tracker.model.TestPacket.Endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Conversations among a few hosts and ports, so that tuples come again, with everything that goes
 * wrong on networks: loss, repetition, reordering, resets, crossed FINs, clocks that jump.
 */
public final class RandomTraffic {
    private final Random random;
    private final int hosts;
    private final int mostTalks;
    private final List<Talk> talks = new ArrayList<>();
    private final List<TestPacket> late = new ArrayList<>();
    private final List<TestPacket> out = new ArrayList<>();
    private long now;

    /** One TCP conversation as its ends see it. */
    private final class Talk {
        final Endpoint[] ends = new Endpoint[2];
        final int[] next = new int[2];
        final boolean stamped = random.nextInt(3) == 0;
        final int[] scale = {random.nextInt(16) - 2, random.nextInt(16) - 2};
        final long[] echo = new long[2];
        int step;
        int fins;

        Talk(Endpoint a, Endpoint b) {
            ends[0] = a;
            ends[1] = b;
            next[0] = random.nextInt();
            next[1] = random.nextInt();
        }

        TestPacket packet(int side, int flags, int payload) {
            TestPacket packet =
                    TestPacket.tcp(ends[side], ends[1 - side], flags)
                            .seq(next[side])
                            .data(payload)
                            .window(random.nextInt(12) == 0 ? 0 : 500 + random.nextInt(3) * 100);
            if ((flags & ACK) != 0) {
                packet.ack(next[1 - side] - (random.nextInt(8) == 0 ? random.nextInt(200) : 0));
            }
            if (stamped) {
                packet.stamps((now / 4_000_000) & 0xffff_ffffL, echo[1 - side]);
                echo[side] = packet.timestampValue;
            }
            if ((flags & SYN) != 0) {
                packet.scale(Math.min(14, scale[side]));
            }
            next[side] += payload + ((flags & SYN) != 0 ? 1 : 0) + ((flags & FIN) != 0 ? 1 : 0);
            return packet;
        }

        TestPacket step() {
            switch (step++) {
                case 0:
                    return packet(0, SYN, random.nextInt(20) == 0 ? 10 : 0);
                case 1:
                    return packet(1, SYN | ACK, 0);
                case 2:
                    return packet(0, ACK, 0);
                default:
                    break;
            }
            int side = random.nextInt(2);
            int dice = random.nextInt(20);
            if (dice == 0) {
                fins++;
                return packet(side, FIN | ACK, random.nextInt(2) * 50);
            }
            if (dice == 1 && random.nextInt(3) == 0) {
                TestPacket reset = packet(side, RST | (random.nextBoolean() ? ACK : 0), 0);
                reset.sequence += random.nextInt(3) == 0 ? random.nextInt(100_000) - 50_000 : 0;
                return reset;
            }
            if (dice == 2) {
                TestPacket probe = packet(side, ACK, 0);
                probe.sequence--;
                probe.payload = random.nextInt(2);
                return probe;
            }
            if (dice == 3 && random.nextInt(10) == 0) {
                next[side] += random.nextInt(4) == 0 ? 3 << 20 : 5000;
            }
            return packet(side, ACK | PSH, random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(300));
        }
    }

    public RandomTraffic(long seed) {
        random = new Random(seed);
        hosts = 2 + random.nextInt(12);
        mostTalks = random.nextBoolean() ? 1 + random.nextInt(2) : 20;
        now = 1_600_000_000_000_000_000L + random.nextInt(1_000_000_000);
    }

    /** Some packets in the order of capture. */
    public List<TestPacket> packets(int count) {
        int calm = random.nextInt(3);
        while (out.size() < count) {
            passTime(calm);
            emit(next());
            if (!late.isEmpty() && random.nextInt(2) == 0) {
                add(late.remove(random.nextInt(late.size())));
            }
        }
        return out;
    }

    private void passTime(int calm) {
        int dice = random.nextInt(calm == 0 ? 1000 : 60);
        long step =
                switch (dice) {
                    case 0 -> random.nextInt(20) * 1_000_000_000L;
                    case 1 -> -random.nextInt(50) * 1_000_000_000L;
                    case 2 -> calm == 2 ? -(61L + random.nextInt(1000)) * 1_000_000_000L : 0;
                    case 3 -> random.nextInt(400) * 1_000_000_000L;
                    case 4 -> calm == 2 ? 86_400_000_000_000L * 400 : 5_000_000_000L;
                    case 5, 6, 7, 8, 9, 10, 11 -> random.nextInt(2_000) * 1_000_000L;
                    default -> random.nextInt(3_000_000);
                };
        now += step;
        if (random.nextInt(20_000) == 0) {
            now = random.nextBoolean() ? -5 : Long.MAX_VALUE - 5;
        }
    }

    private Endpoint endpoint(boolean six) {
        return new Endpoint(six, 1 + random.nextInt(hosts), 1000 + random.nextInt(3));
    }

    /** Another end than the given one: a flow with itself has no sides. */
    private Endpoint endpointBut(Endpoint not) {
        Endpoint other = endpoint(not.six());
        return other.host() != not.host()
                ? other
                : new Endpoint(not.six(), other.host() == 1 ? 2 : 1, other.port());
    }

    private TestPacket next() {
        int dice = random.nextInt(12);
        boolean six = random.nextInt(4) == 0;
        if (dice == 0) {
            Endpoint from = endpoint(six);
            return TestPacket.udp(from, endpointBut(from), random.nextInt(100));
        }
        if (dice == 1 && random.nextInt(3) == 0) {
            return error(six);
        }
        if (dice == 2 && random.nextInt(10) == 0) {
            TestPacket garbage = new TestPacket();
            garbage.garbage = true;
            return garbage;
        }
        if (talks.isEmpty() || (talks.size() < mostTalks && dice < 5)) {
            Endpoint a = endpoint(six);
            Endpoint b = endpointBut(a);
            Talk talk = new Talk(a, b);
            talk.step = random.nextInt(4) == 0 ? random.nextInt(4) : 0;
            talks.add(talk);
        }
        Talk talk = talks.get(random.nextInt(talks.size()));
        if (talk.fins > 3 || random.nextInt(mostTalks < 3 ? 200 : 60) == 0) {
            talks.remove(talk);
        }
        return talk.step();
    }

    private TestPacket error(boolean six) {
        TestPacket about = null;
        for (int i = 0; i < 20 && about == null && !out.isEmpty(); i++) {
            TestPacket candidate = out.get(random.nextInt(out.size()));
            boolean usable =
                    !candidate.garbage && candidate.quoted == null && candidate.icmpType < 0;
            about = usable ? candidate : null;
        }
        boolean echo = about == null || random.nextInt(3) == 0;
        if (echo) {
            TestPacket request = TestPacket.icmp(endpoint(six), endpoint(six), six ? 128 : 8, null);
            request.icmpCode = 0;
            return request.data(random.nextInt(40));
        }
        boolean ofSix = about.from.six();
        TestPacket quote = about.copy();
        quote.vxlan = false;
        quote.vlan = -1;
        Endpoint from = endpoint(ofSix);
        return TestPacket.icmp(from, endpointBut(from), ofSix ? 1 : 3, quote);
    }

    private void emit(TestPacket packet) {
        packet.vxlan = random.nextInt(10) == 0;
        packet.vlan = random.nextInt(10) == 0 ? random.nextInt(4094) : -1;
        packet.interfaceIndex = random.nextInt(4) - 1;
        int fate = random.nextInt(mostTalks == 1 ? 12 : 30);
        if (fate == 0) {
            return;
        }
        if (fate == 1) {
            late.add(packet);
            return;
        }
        add(packet);
        if (fate == 2) {
            add(packet.copy());
        }
        if (fate == 3) {
            late.add(packet.copy());
        }
    }

    private void add(TestPacket packet) {
        packet.time = now;
        out.add(packet);
    }
}
