package io.flowscope.tracker.packet;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the decoder looks through.
 *
 * @param encapsulations the wrappings to look through
 * @param outermost whether the first IP header is the flow's, whatever it carries; otherwise the
 *     innermost is
 * @param maxDepth most IP headers in one packet, 1 to 8
 * @param vxlanPorts UDP ports on which VXLAN is expected beside 4789 and 4790
 * @param genevePorts UDP ports on which Geneve is expected beside 6081
 * @param gtpPorts UDP ports on which GTP-U is expected beside 2152
 * @param throughFirstFragments whether the beginning of a tunnel's fragmented datagram is looked
 *     through; false where fragments are reassembled before
 */
public record DecoderOptions(
        Set<Encapsulation> encapsulations,
        boolean outermost,
        int maxDepth,
        Set<Integer> vxlanPorts,
        Set<Integer> genevePorts,
        Set<Integer> gtpPorts,
        boolean throughFirstFragments) {
    /** The deepest nesting that can be asked for. */
    public static final int DEEPEST = 8;

    /** Everything on, innermost header, standard ports. */
    public static final DecoderOptions DEFAULT = builder().build();

    /** Checks all values; every mistake is named in one message. */
    public DecoderOptions {
        List<String> mistakes = new ArrayList<>();
        if (maxDepth < 1 || maxDepth > DEEPEST) {
            mistakes.add("maxDepth: 1 to " + DEEPEST + ", was " + maxDepth);
        }
        checkPorts("vxlanPorts", vxlanPorts, mistakes);
        checkPorts("genevePorts", genevePorts, mistakes);
        checkPorts("gtpPorts", gtpPorts, mistakes);
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
        encapsulations = Set.copyOf(encapsulations);
        vxlanPorts = Set.copyOf(vxlanPorts);
        genevePorts = Set.copyOf(genevePorts);
        gtpPorts = Set.copyOf(gtpPorts);
    }

    private static void checkPorts(String name, Set<Integer> ports, List<String> mistakes) {
        for (int port : ports) {
            if (port < 1 || port > 65_535) {
                mistakes.add(name + ": 1 to 65535, was " + port);
            }
        }
    }

    int mask() {
        return Encapsulation.mask(encapsulations);
    }

    int[] tunnelPorts() {
        return tunnels().stream().mapToInt(Tunnel::port).toArray();
    }

    Encapsulation[] tunnelKinds() {
        return tunnels().stream().map(Tunnel::kind).toArray(Encapsulation[]::new);
    }

    private record Tunnel(int port, Encapsulation kind) {}

    /** Sorted, so that two decoders with the same options try tunnels in the same order. */
    private List<Tunnel> tunnels() {
        Set<Tunnel> all = new LinkedHashSet<>();
        add(all, Encapsulation.VXLAN, vxlanPorts, 4789, 4790);
        add(all, Encapsulation.GENEVE, genevePorts, 6081);
        add(all, Encapsulation.GTP_U, gtpPorts, 2152);
        add(all, Encapsulation.TEREDO, Set.of(), 3544);
        add(all, Encapsulation.GRE, Set.of(), 4754);
        add(all, Encapsulation.L2TP, Set.of(), 1701);
        add(all, Encapsulation.MPLS, Set.of(), 6635);
        return List.copyOf(all);
    }

    private void add(Set<Tunnel> all, Encapsulation kind, Set<Integer> extra, int... standard) {
        if (encapsulations.contains(kind)) {
            for (int port : standard) {
                all.add(new Tunnel(port, kind));
            }
            extra.stream().sorted().forEach(port -> all.add(new Tunnel(port, kind)));
        }
    }

    /** A builder that begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; {@link #build()} checks them. */
    public static final class Builder {
        private Set<Encapsulation> encapsulations = Encapsulation.all();
        private boolean outermost;
        private int maxDepth = DEEPEST;
        private Set<Integer> vxlanPorts = Set.of();
        private Set<Integer> genevePorts = Set.of();
        private Set<Integer> gtpPorts = Set.of();
        private boolean throughFirstFragments = true;

        private Builder() {}

        /** Looks through these wrappings only. */
        public Builder encapsulations(Set<Encapsulation> these) {
            encapsulations = Set.copyOf(these);
            return this;
        }

        /** Does not look through these wrappings. */
        public Builder without(Encapsulation... these) {
            Set<Encapsulation> rest = EnumSet.allOf(Encapsulation.class);
            rest.retainAll(encapsulations);
            rest.removeAll(List.of(these));
            encapsulations = rest;
            return this;
        }

        /** Stops at the first IP header. */
        public Builder outermost(boolean stop) {
            outermost = stop;
            return this;
        }

        /** Bounds the number of IP headers in one packet. */
        public Builder maxDepth(int ipHeaders) {
            maxDepth = ipHeaders;
            return this;
        }

        /** Expects VXLAN on further UDP ports. */
        public Builder vxlanPorts(Set<Integer> ports) {
            vxlanPorts = ports;
            return this;
        }

        /** Expects Geneve on further UDP ports. */
        public Builder genevePorts(Set<Integer> ports) {
            genevePorts = ports;
            return this;
        }

        /** Expects GTP-U on further UDP ports. */
        public Builder gtpPorts(Set<Integer> ports) {
            gtpPorts = ports;
            return this;
        }

        /** Whether to look through the beginning of a fragmented tunnel datagram. */
        public Builder throughFirstFragments(boolean look) {
            throughFirstFragments = look;
            return this;
        }

        /** The options, checked. */
        public DecoderOptions build() {
            return new DecoderOptions(
                    encapsulations,
                    outermost,
                    maxDepth,
                    vxlanPorts,
                    genevePorts,
                    gtpPorts,
                    throughFirstFragments);
        }
    }
}
