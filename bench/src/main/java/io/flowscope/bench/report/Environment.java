package io.flowscope.bench.report;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** On what it was measured, with which versions. */
public final class Environment {
    private static final Path LOAD = Path.of("/proc/loadavg");

    private final Map<String, String> facts = new LinkedHashMap<>();
    private final double loadBefore = load();

    /** Collects it; to be made before the first measurement. */
    public Environment(Path root) {
        facts.put("processor", processor());
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", line(Path.of("/proc/meminfo"), "MemTotal"));
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("virtual", Files.exists(Path.of("/proc/xen")) || isGuest() ? "yes" : "no");
        facts.put("huge pages", text(Path.of("/sys/kernel/mm/transparent_hugepage/enabled")));
        facts.put("JDK", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.put("gcc", firstLine("gcc", "--version"));
        facts.put("tcpdump, libpcap", joined("tcpdump", "--version"));
        facts.put("tshark", versionLine("tshark", "--version"));
        facts.put("commit", firstLine("git", "-C", root.toString(), "log", "-1", "--format=%h"));
    }

    private static boolean isGuest() {
        return line(Path.of("/proc/cpuinfo"), "flags").contains(" hypervisor");
    }

    private static String processor() {
        return line(Path.of("/proc/cpuinfo"), "model name");
    }

    private static String line(Path file, String name) {
        return text(file)
                .lines()
                .filter(l -> l.startsWith(name))
                .findFirst()
                .map(l -> l.substring(l.indexOf(':') + 1).strip())
                .orElse("unknown");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String firstLine(String... command) {
        return output(command).lines().findFirst().orElse("none");
    }

    /** Behind what it may have to say first. */
    private static String versionLine(String... command) {
        return output(command)
                .lines()
                .filter(l -> l.startsWith("TShark"))
                .findFirst()
                .orElse("not installed");
    }

    private static String joined(String... command) {
        return output(command).lines().collect(Collectors.joining("; "));
    }

    private static String output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
            byte[] said = process.getInputStream().readAllBytes();
            process.waitFor(10, TimeUnit.SECONDS);
            return new String(said, Charset.defaultCharset()).strip();
        } catch (IOException e) {
            return "not installed";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    /** The commit of the checkout. */
    public String commit() {
        return facts.getOrDefault("commit", "unknown");
    }

    /** How busy the machine is: tasks that run or wait, over the last minute. */
    public static double load() {
        String text = text(LOAD);
        int space = text.indexOf(' ');
        return space < 0 ? 0 : Double.parseDouble(text.substring(0, space));
    }

    /** Everything by name; the load is that before and now. */
    public Map<String, String> facts() {
        Map<String, String> all = new LinkedHashMap<>(facts);
        all.put("load before, after", loadBefore + ", " + load());
        return all;
    }

    /** Whether something else ran when the run began: its figures are then not to be published. */
    public boolean isNoisy() {
        return loadBefore > 0.7;
    }
}
