package io.flowscope.capture.generate;

/**
 * The flows under way, as columns. What does not change during a flow is computed from its number
 * again each time it is needed ({@link #address}), so a million flows cost 20 bytes each.
 */
final class LiveFlows {
    private final int flows;

    /** Packets per flow, and how many flows send one more. */
    private final long each;

    private final long longer;
    private final long salt;
    private final long udp;
    private final long ipv6;
    private final long vlan;
    private final long vxlan;

    /** Flow number, packets sent, and the next sequence number of side A and B, per slot. */
    private final int[] flow;

    private final int[] sent;
    private final int[] sequenceA;
    private final int[] sequenceB;

    private int live;
    private int begun;

    LiveFlows(TrafficSpec spec) {
        flows = spec.flows();
        each = spec.packets() / flows;
        longer = spec.packets() % flows;
        salt = SplitMix.mix(spec.seed());
        udp = SplitMix.threshold(spec.udpShare());
        ipv6 = SplitMix.threshold(spec.ipv6Share());
        vlan = SplitMix.threshold(spec.vlanShare());
        vxlan = SplitMix.threshold(spec.vxlanShare());
        int slots = Math.min(flows, spec.concurrentFlows());
        flow = new int[slots];
        sent = new int[slots];
        sequenceA = new int[slots];
        sequenceB = new int[slots];
        for (live = 0; live < slots; live++) {
            begin(live);
        }
    }

    int live() {
        return live;
    }

    int begun() {
        return begun;
    }

    int flow(int slot) {
        return flow[slot];
    }

    int sent(int slot) {
        return sent[slot];
    }

    /** Packets the flow sends in all; the first flows send one more where it does not divide. */
    long quota(int slot) {
        return flow[slot] < longer ? each + 1 : each;
    }

    int sequence(int slot, boolean ofB) {
        return ofB ? sequenceB[slot] : sequenceA[slot];
    }

    /** Counts a packet, and begins another flow in the slot if it was the flow's last. */
    void sent(int slot, boolean fromB, int sequenceSpace) {
        if (fromB) {
            sequenceB[slot] += sequenceSpace;
        } else {
            sequenceA[slot] += sequenceSpace;
        }
        if (++sent[slot] < quota(slot)) {
            return;
        }
        if (begun < flows) {
            begin(slot);
            return;
        }
        live--;
        flow[slot] = flow[live];
        sent[slot] = sent[live];
        sequenceA[slot] = sequenceA[live];
        sequenceB[slot] = sequenceB[live];
    }

    private void begin(int slot) {
        int number = begun++;
        flow[slot] = number;
        sent[slot] = 0;
        sequenceA[slot] = firstSequence(number, false);
        sequenceB[slot] = firstSequence(number, true);
    }

    int firstSequence(int number, boolean ofB) {
        return (int) SplitMix.mix(salt ^ (long) number << 2 ^ (ofB ? 1 : 2));
    }

    boolean isUdp(int number) {
        return SplitMix.belongs(hash(number, 3), udp);
    }

    /** Fills in the addresses of a flow; no two flows have the same. */
    void address(int number, Addresses path) {
        long hash = hash(number, 1);
        // 16 bits of the number go into the client's address and 11 into its port: unique as a
        // pair.
        int client = 0x0A00_0000 | (number & 0xFFFF);
        int server = 0xC0A8_0000 | (int) (hash & 0x3FF);
        path.portA = 0x8000 | (number >>> 16 & 0x7FF) << 4 | (int) (hash >>> 16 & 0xF);
        path.portB = isUdp(number) ? 40_123 : (hash >>> 20 & 3) == 0 ? 5_201 : 5_202;
        path.macA = Addresses.macOf(client);
        path.macB = Addresses.macOf(server);
        path.ipv6 = ipv6 != 0 && SplitMix.belongs(hash(number, 4), ipv6);
        path.lowA = Integer.toUnsignedLong(client);
        path.lowB = Integer.toUnsignedLong(server);
        path.highA = path.ipv6 ? 0x20010DB8_00010000L : 0;
        path.highB = path.ipv6 ? 0x20010DB8_00020000L : 0;
        path.outerTag =
                vlan != 0 && SplitMix.belongs(hash(number, 5), vlan)
                        ? 1 + (int) (hash >>> 24 & 0x3FF)
                        : Addresses.NONE;
        boolean tunnelled = vxlan != 0 && SplitMix.belongs(hash(number, 6), vxlan);
        path.vni = tunnelled ? 1 + (int) (hash >>> 36 & 0xFFF) : Addresses.NONE;
        path.tunnelA = 0xAC10_0000 | (int) (hash >>> 48 & 0xFF);
        path.tunnelB = 0xAC10_0100 | (int) (hash >>> 56);
        path.tunnelPort = 0xC000 | (int) (hash & 0x3FFF);
    }

    private long hash(int number, int use) {
        return SplitMix.mix(salt + ((long) number << 3) + use);
    }
}
