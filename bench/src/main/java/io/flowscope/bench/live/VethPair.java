package io.flowscope.bench.live;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/**
 * Two joined interfaces in a network namespace of their own, without a protocol of the kernel on
 * them: what is sent into one comes out of the other, and nothing else does. Gone when closed.
 */
final class VethPair implements AutoCloseable {
    /** The end that packets are sent into. */
    static final String IN = "fsin";

    /** The end that receivers listen on. */
    static final String OUT = "fsout";

    private final String namespace = "fsbench" + ProcessHandle.current().pid();

    /** If this program is told to end while there is a pair: who is in there goes, and it goes. */
    private final Thread atExit =
            new Thread(
                    () -> {
                        try {
                            run(
                                    "sh",
                                    "-c",
                                    "kill -9 $(ip netns pids "
                                            + namespace
                                            + ") 2> /dev/null; true");
                            run("ip", "netns", "del", namespace);
                        } catch (IOException e) {
                            System.err.println("still there: " + namespace + ": " + e.getMessage());
                        }
                    });

    /**
     * Makes it; needs root and iproute2.
     *
     * @throws IOException with the reason if it cannot
     */
    VethPair() throws IOException {
        run("ip", "netns", "add", namespace);
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            String ip = "ip -n " + namespace + " ";
            String set = "echo 1 > /proc/sys/net/ipv6/conf/";
            run("sh", "-c", ip + "link add " + IN + " type veth peer name " + OUT);
            String quiet = set + IN + "/disable_ipv6; " + set + OUT + "/disable_ipv6";
            run("ip", "netns", "exec", namespace, "sh", "-c", quiet);
            run(
                    "sh",
                    "-c",
                    ip
                            + "link set "
                            + IN
                            + " arp off up && "
                            + ip
                            + "link set "
                            + OUT
                            + " arp off up");
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** A command as it is to be started to run in the namespace, on one processor. */
    List<String> inside(int cpu, List<String> command) {
        List<String> all =
                new ArrayList<>(List.of("ip", "netns", "exec", namespace, "taskset", "-c"));
        all.add(Integer.toString(cpu));
        all.addAll(command);
        return all;
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        byte[] said = process.getInputStream().readAllBytes();
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(new String(said, Charset.defaultCharset()).strip());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // it runs
        }
        run("ip", "netns", "del", namespace);
    }
}
