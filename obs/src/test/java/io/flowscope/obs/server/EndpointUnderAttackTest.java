package io.flowscope.obs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import io.flowscope.obs.FlowMetrics;
import io.flowscope.obs.MetricsOptions;
import io.flowscope.obs.PrometheusPage;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** All attacks at once, on an endpoint whose metrics a tracker is making at full speed. */
@Tag("slow")
class EndpointUnderAttackTest {
    private static final long ATTACK_NANOS = 6_000_000_000L;
    private static final int ATTACKERS = 3;

    /** Clients that are connected and do nothing, once all attackers have as many as they want. */
    private static final int STUCK = 1000;

    private static final String GET = "GET /metrics HTTP/1.1\r\nHost: x\r\n";

    private volatile boolean over;
    private volatile long packets;
    private final AtomicInteger attacks = new AtomicInteger();
    private MetricsServer server;

    /** What a capture thread does: packets of some hundred flows, from memory of its own. */
    private void capture(FlowTracker tracker) {
        byte[] frame =
                HexFormat.of()
                        .parseHex(
                                "020000000001020000000002080045000024000040004011000"
                                        + "00a0000010a0000020001003500100000"
                                        + "0000000000000000");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(64, 8);
            MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, 0, frame.length);
            var port = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
            long now = 1_700_000_000_000_000_000L;
            while (!over) {
                memory.set(port, 34, (short) (packets >>> 6 & 511));
                tracker.track(memory, 0, frame.length, frame.length, now);
                now += 100_000;
                packets++;
            }
        }
    }

    private Socket connect(String from, int receiveBufferBytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBufferBytes);
        socket.setSoTimeout(8000);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(server.address(), 3000);
        return socket;
    }

    /** One way to misbehave; what is returned is left open and never read. */
    private Socket misbehave(int how) throws IOException {
        Socket socket = connect("127.0.0.1", 2048);
        String said =
                switch (how % 6) {
                    case 0 -> "GET /met";
                    case 1 -> (GET + "\r\n").repeat(30);
                    case 2 -> GET + "X: " + "y".repeat(100_000);
                    case 3 -> GET + "\r\n\0\1\2 rubbish\r\n\r\n" + GET + "\r\n";
                    case 4 -> "DELETE /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(10);
                    default -> "GET /etc/passwd HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n";
                };
        try {
            socket.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException closedOnUs) {
            socket.close();
        }
        return socket;
    }

    private void attack() {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; !over; i++) {
            try {
                open.add(misbehave(i));
                attacks.incrementAndGet();
                if (open.size() > STUCK / ATTACKERS) {
                    open.removeFirst().close();
                }
            } catch (IOException refused) {
                attacks.incrementAndGet();
            }
            // Thirty times the limit: a flood of connections is the network's to stop.
            LockSupport.parkNanos(10_000_000);
        }
        for (Socket each : open) {
            try {
                each.close();
            } catch (IOException gone) {
                continue;
            }
        }
    }

    /** Served, and after how many milliseconds. */
    private long good() throws IOException {
        long begin = System.nanoTime();
        try (Socket socket = connect("127.0.0.2", 1 << 20)) {
            socket.getOutputStream().write((GET + "Connection: close\r\n\r\n").getBytes());
            String answer = new String(socket.getInputStream().readAllBytes());
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
            assertTrue(answer.contains("flowscope_flows_created_total{l4=\"udp\"}"), answer);
        }
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void theCaptureThreadNeverWaitsNorAllocatesAndAGoodClientIsServed() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (FlowMetrics metrics = FlowMetrics.bind(registry, MetricsOptions.builder().build());
                MetricsServer started =
                        MetricsServer.start(
                                MetricsServerOptions.builder().address("127.0.0.1:0").build(),
                                new PrometheusPage(registry, metrics),
                                () -> true);
                FlowTracker tracker =
                        new FlowTracker(
                                TrackerOptions.builder()
                                        .maxFlows(1000)
                                        .metricsHook(metrics.hook())
                                        .build())) {
            server = started;
            Thread capturing = Thread.ofPlatform().start(() -> capture(tracker));
            List<Thread> attackers = new ArrayList<>();
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            try {
                Thread.sleep(1000);
                assertTrue(good() >= 0);
                long memory = used();
                ThreadInfo before = threads.getThreadInfo(capturing.threadId());
                for (int i = 0; i < ATTACKERS; i++) {
                    attackers.add(Thread.ofPlatform().start(this::attack));
                }
                List<Long> millis = new ArrayList<>();
                List<Double> bytesPerPacket = new ArrayList<>();
                long end = System.nanoTime() + ATTACK_NANOS;
                while (System.nanoTime() - end < 0 || attacks.get() <= STUCK) {
                    long seen = packets;
                    long allocated = threads.getThreadAllocatedBytes(capturing.threadId());
                    Thread.sleep(200);
                    millis.add(good());
                    assertTrue(packets > seen, "the capture stands still");
                    long more = threads.getThreadAllocatedBytes(capturing.threadId()) - allocated;
                    bytesPerPacket.add(more / (double) (packets - seen));
                }
                // A busy machine may keep one or another waiting; all of them were served.
                long late = millis.stream().filter(each -> each >= 1000).count();
                assertTrue(late <= millis.size() / 10, millis + " ms");
                ThreadInfo after = threads.getThreadInfo(capturing.threadId());
                assertEquals(before.getBlockedCount(), after.getBlockedCount(), "blocked");
                assertEquals(before.getWaitedCount(), after.getWaitedCount(), "waited");
                // Code that is compiled or compiled again allocates for a moment, not in most.
                Collections.sort(bytesPerPacket);
                assertTrue(
                        bytesPerPacket.get(bytesPerPacket.size() / 2) < 0.1,
                        () -> bytesPerPacket + " bytes per packet");
                long grown = used() - memory;
                assertTrue(grown < 16 << 20, grown + " bytes more");
            } finally {
                over = true;
                capturing.join();
                for (Thread attacker : attackers) {
                    attacker.join();
                }
            }
            Thread.sleep(1000);
            long after = good();
            for (int again = 0; again < 3 && after >= 1000; again++) {
                after = good();
            }
            assertTrue(after < 1000, "as before");
        }
    }
}
