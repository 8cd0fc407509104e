package io.flowscope.capture;

import io.flowscope.bindings.linux.DescriptorCalls;
import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.FileCalls;
import io.flowscope.bindings.linux.linux_h;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A pair of connected interfaces, {@link #near} in the namespace of the test and {@link #far} in
 * one of its own. Nothing but the test speaks on them: IPv6 and ARP are off. Closing removes both.
 */
public final class TestNetwork implements AutoCloseable {
    private static final MethodHandle SETNS =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().find("setns").orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT));

    final String namespace;
    final String near;
    final String far;

    private TestNetwork(String tag) {
        namespace = "fs" + tag;
        near = "fs" + tag + "n";
        far = "fs" + tag + "f";
    }

    /** Skips the test where namespaces cannot be made. */
    public static TestNetwork create() {
        Needs.root();
        Needs.tool("ip");
        int number = ThreadLocalRandom.current().nextInt(0x1000000);
        TestNetwork network = new TestNetwork("%06x".formatted(number));
        try {
            run("ip", "netns", "add", network.namespace);
            network.connect();
        } catch (RuntimeException failure) {
            network.close();
            throw failure;
        }
        return network;
    }

    /** Makes the pair of interfaces, up and silent. */
    void connect() {
        run("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", namespace);
        run("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/" + near + "/disable_ipv6");
        inNamespace("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/" + far + "/disable_ipv6");
        inNamespace("ip", "link", "set", far, "arp", "off", "up");
        run("ip", "link", "set", near, "arp", "off", "up");
        run("sh", "-c", waitFor(near));
        inNamespace("sh", "-c", waitFor(far));
    }

    /**
     * Until an interface's queue is there: the kernel makes it some time after the other end is up,
     * and what is sent before is lost.
     */
    private static String waitFor(String name) {
        return "until grep -q up /sys/class/net/" + name + "/operstate; do sleep 0.01; done";
    }

    void disconnect() {
        run("ip", "link", "del", near);
    }

    void inNamespace(String... command) {
        String[] whole = new String[command.length + 4];
        System.arraycopy(new String[] {"ip", "netns", "exec", namespace}, 0, whole, 0, 4);
        System.arraycopy(command, 0, whole, 4, command.length);
        run(whole);
    }

    /** Runs something on a thread that is in the far namespace; sockets opened there stay there. */
    <T> T callFar(Callable<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(
                        () -> {
                            try (Arena arena = Arena.ofConfined()) {
                                enterFar(ErrnoCapture.allocate(arena));
                                result.complete(action.call());
                            } catch (Throwable failure) {
                                result.completeExceptionally(failure);
                            }
                        });
        return result.join();
    }

    private void enterFar(ErrnoCapture errno) throws Throwable {
        int descriptor = FileCalls.open(errno, "/run/netns/" + namespace, linux_h.O_RDONLY(), 0);
        int entered = (int) SETNS.invokeExact(descriptor, 0);
        DescriptorCalls.close(errno, descriptor);
        if (entered != 0) {
            throw new IllegalStateException("setns failed");
        }
    }

    /** Runs a command that must succeed. */
    static void run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        try {
            run("sh", "-c", "ip link del " + near + " 2>/dev/null; true");
        } finally {
            run("sh", "-c", "ip netns del " + namespace + " 2>/dev/null; true");
        }
    }
}
