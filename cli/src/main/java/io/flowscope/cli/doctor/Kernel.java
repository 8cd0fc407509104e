package io.flowscope.cli.doctor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The kernel: its version, limits and the settings that decide how much traffic is lost. */
final class Kernel {
    private static final String THP = "sys/kernel/mm/transparent_hugepage/enabled";

    private final SystemFiles files;

    Kernel(SystemFiles files) {
        this.files = files;
    }

    List<Finding> check() {
        List<Finding> findings = new ArrayList<>();
        findings.add(platform());
        findings.add(limits());
        findings.add(network());
        Finding filters = filters();
        if (filters != null) {
            findings.add(filters);
        }
        Finding pages = hugePages();
        if (pages != null) {
            findings.add(pages);
        }
        return findings;
    }

    private Finding platform() {
        String name = System.getProperty("os.name", "");
        String arch = System.getProperty("os.arch", "");
        String release = files.read("proc/sys/kernel/osrelease");
        String found = name + " " + (release == null ? "" : release + " ") + "on " + arch;
        boolean supported =
                name.equals("Linux") && (arch.equals("amd64") || arch.equals("aarch64"));
        return supported
                ? Finding.ok("platform", found)
                : Finding.note(
                        "platform",
                        found + ": capture files work; rings need Linux on x86-64 or" + " aarch64");
    }

    private Finding limits() {
        String locked = files.line("proc/self/limits", "Max locked memory");
        String open = files.line("proc/self/limits", "Max open files");
        return Finding.ok(
                "limits",
                "locked memory " + softLimit(locked) + " bytes, open files " + softLimit(open));
    }

    private static String softLimit(@Nullable String columns) {
        return columns == null ? "unknown" : columns.split("\\s+", 2)[0];
    }

    private Finding network() {
        StringBuilder found = new StringBuilder();
        for (String setting :
                List.of("rmem_default", "rmem_max", "netdev_max_backlog", "netdev_budget")) {
            String value = files.read("proc/sys/net/core/" + setting);
            if (value != null) {
                found.append(found.isEmpty() ? "" : ", ").append(setting).append(' ').append(value);
            }
        }
        return Finding.ok("net.core", found.isEmpty() ? "not readable" : found.toString());
    }

    private @Nullable Finding filters() {
        String compiled = files.read("proc/sys/net/core/bpf_jit_enable");
        if (compiled == null) {
            return null;
        }
        return compiled.equals("0")
                ? Finding.note(
                        "filters",
                        "the kernel interprets packet filters; compiled ones cost less",
                        "sudo sysctl -w net.core.bpf_jit_enable=1")
                : Finding.ok("filters", "the kernel compiles packet filters");
    }

    private @Nullable Finding hugePages() {
        String choice = files.read(THP);
        if (choice == null) {
            return null;
        }
        return choice.contains("[never]")
                ? Finding.note(
                        "huge pages",
                        "switched off; large flow tables are slower without",
                        "echo madvise | sudo tee /" + THP)
                : Finding.ok("huge pages", "transparent huge pages: " + choice);
    }
}
