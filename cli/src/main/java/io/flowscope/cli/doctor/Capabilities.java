package io.flowscope.cli.doctor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * May this process open packet sockets? The kernel lists a process's capabilities as bit sets:
 * effective ones count, ambient ones are handed on to the programs that it starts, and none can be
 * had that is not in the bounding set.
 */
final class Capabilities {
    private static final int NET_ADMIN = 12;
    private static final int NET_RAW = 13;
    private static final int IPC_LOCK = 14;
    private static final String STATUS = "proc/self/status";

    private final SystemFiles files;
    private final String javaHome;
    private final Trial trial;

    Capabilities(SystemFiles files, String javaHome, Trial trial) {
        this.files = files;
        this.javaHome = javaHome;
        this.trial = trial;
    }

    List<Finding> check() {
        Long effective = set("CapEff:");
        Long bounding = set("CapBnd:");
        Long ambient = set("CapAmb:");
        List<Finding> findings = new ArrayList<>();
        if (effective == null || bounding == null) {
            findings.add(
                    trial.packetSocket() == null
                            ? Finding.ok("capture", "a packet socket could be opened")
                            : Finding.missing("capture", trial.packetSocket()));
            return findings;
        }
        if (has(effective, NET_RAW) && trial.packetSocket() != null) {
            // Such as a seccomp filter, or native access that was not granted.
            findings.add(
                    Finding.missing(
                            "capture",
                            "CAP_NET_RAW is effective, and yet: " + trial.packetSocket()));
        } else if (has(effective, NET_RAW)) {
            findings.add(
                    Finding.ok(
                            "capture",
                            "CAP_NET_RAW is effective: packets can be captured and injected"));
        } else if (!has(bounding, NET_RAW)) {
            findings.add(
                    Finding.missing(
                            "capture",
                            "CAP_NET_RAW is not even in the bounding set: whoever started this"
                                    + " container or service must add it",
                            "docker run --cap-add=NET_RAW …",
                            "securityContext: {capabilities: {add: [NET_RAW]}}   # Kubernetes",
                            "CapabilityBoundingSet=CAP_NET_RAW   # systemd, with the next line",
                            "AmbientCapabilities=CAP_NET_RAW"));
        } else {
            findings.add(missingRaw());
        }
        findings.add(
                has(effective, NET_ADMIN)
                        ? Finding.ok(
                                "interface settings",
                                "CAP_NET_ADMIN is effective: interfaces can be changed, buffers"
                                        + " forced beyond the limits")
                        : Finding.ok(
                                "interface settings",
                                "CAP_NET_ADMIN is not effective; capturing does not need it,"
                                        + " changing an interface or its hardware clock does"));
        findings.add(
                Finding.ok(
                        "capability sets",
                        String.format(
                                Locale.ROOT,
                                "effective %s, ambient %s, bounding %s, IPC_LOCK %s",
                                hex(effective),
                                hex(ambient),
                                hex(bounding),
                                has(effective, IPC_LOCK) ? "yes" : "no")));
        return findings;
    }

    private Finding missingRaw() {
        boolean frozen = "1".equals(files.line(STATUS, "NoNewPrivs:"));
        if (frozen) {
            return Finding.missing(
                    "capture",
                    "CAP_NET_RAW is not effective, and no_new_privs keeps this process from"
                            + " getting it: allow escalation, or grant it as an ambient capability",
                    "securityContext: {allowPrivilegeEscalation: true,"
                            + " capabilities: {add: [NET_RAW]}}   # Kubernetes",
                    "AmbientCapabilities=CAP_NET_RAW   # systemd");
        }
        return Finding.missing(
                "capture",
                "CAP_NET_RAW is not effective: packets cannot be captured; one of these grants it",
                "sudo setpriv --reuid=$(id -u) --regid=$(id -g) --init-groups"
                        + " --inh-caps=+net_raw --ambient-caps=+net_raw ./flowscope …",
                "AmbientCapabilities=CAP_NET_RAW   # in a systemd unit with User=",
                "docker run --user=0 --cap-add=NET_RAW …",
                "sudo setcap cap_net_raw+ep "
                        + javaHome
                        + "/bin/java && echo "
                        + javaHome
                        + "/lib | sudo tee /etc/ld.so.conf.d/flowscope-java.conf && sudo ldconfig"
                        + "   # every program of this JDK may capture then");
    }

    private @Nullable Long set(String label) {
        String text = files.line(STATUS, label);
        try {
            return text == null ? null : Long.parseUnsignedLong(text, 16);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static boolean has(long set, int capability) {
        return (set >>> capability & 1) != 0;
    }

    private static String hex(@Nullable Long set) {
        return set == null ? "unknown" : Long.toHexString(set);
    }
}
