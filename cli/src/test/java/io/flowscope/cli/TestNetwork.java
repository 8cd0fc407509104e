package io.flowscope.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A network namespace of the test's own with two connected interfaces, {@code v0} and {@code v1}.
 * Nobody but the test speaks there: IPv6 and ARP are off. Closing removes it.
 */
final class TestNetwork implements AutoCloseable {
    private final String namespace =
            "fscli%06x".formatted(ThreadLocalRandom.current().nextInt(0x1000000));

    private TestNetwork() {}

    /** Skips the test where namespaces cannot be made. */
    static TestNetwork create() throws IOException {
        Needs.root();
        Needs.tool("ip");
        TestNetwork network = new TestNetwork();
        must("ip", "netns", "add", network.namespace);
        try {
            network.connect();
            return network;
        } catch (IOException | AssertionError failure) {
            network.close();
            throw failure;
        }
    }

    private void connect() throws IOException {
        must(
                inside(
                        "sh",
                        "-c",
                        "ip link add v0 type veth peer name v1"
                                + " && echo 1 >/proc/sys/net/ipv6/conf/v0/disable_ipv6"
                                + " && echo 1 >/proc/sys/net/ipv6/conf/v1/disable_ipv6"
                                + " && ip link set v0 arp off up && ip link set v1 arp off up"));
    }

    /** A command line that runs in the namespace. */
    List<String> inside(List<String> command) {
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        line.addAll(command);
        return line;
    }

    private String[] inside(String... command) {
        return inside(List.of(command)).toArray(String[]::new);
    }

    /** Runs flowscope in the namespace, to its end. */
    Run run(Object... args) throws IOException, InterruptedException {
        return Run.process(new ProcessBuilder(inside(Run.forked(args))));
    }

    /** Begins to run flowscope in the namespace. */
    Live start(Object... args) throws IOException {
        return Live.start(inside(Run.forked(args)));
    }

    private static void must(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + output);
        }
    }

    @Override
    public void close() throws IOException {
        must("ip", "netns", "del", namespace);
    }
}
