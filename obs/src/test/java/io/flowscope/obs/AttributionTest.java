package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.obs.process.ProcessLookup;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

class AttributionTest {
    private static final String HERE = "10.0.0.1";
    private static final String THERE = "10.0.0.2";

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<AutoCloseable> open = new ArrayList<>();
    private FlowMetrics metrics;
    private FlowTracker tracker;
    private Traffic traffic;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private void start(int processes, ProcessLookup lookup) {
        metrics =
                FlowMetrics.bind(
                        registry,
                        MetricsOptions.builder()
                                .processes(processes)
                                .localAddresses(
                                        () -> List.of(new InetSocketAddress(HERE, 0).getAddress()))
                                .processLookup(lookup)
                                .build());
        open.add(metrics);
        tracker =
                new FlowTracker(
                        TrackerOptions.builder()
                                .maxFlows(5000)
                                .metricsHook(metrics.hook())
                                .build());
        open.add(tracker);
        traffic = new Traffic(tracker);
    }

    private Scrape scrape() {
        metrics.refresh();
        return new Scrape(registry.scrape());
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "10 s have passed");
            Thread.sleep(2);
        }
    }

    private double lookups(String outcome) {
        return scrape().value("flowscope_process_lookups_total{outcome=" + outcome + "}");
    }

    private static String sent(String process) {
        return "flowscope_network_bytes_total{direction=send,process_name="
                + process
                + ",type=NET}";
    }

    @Test
    void whatIsMeasuredBeforeTheAnswerStaysUnknown() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        CountDownLatch answer = new CountDownLatch(1);
        start(
                10,
                (protocol, local, remote) -> {
                    asked.add(protocol + " " + text(local) + " " + text(remote));
                    await(answer);
                    return "nginx";
                });
        traffic.udp(THERE, 5000, HERE, 53, 7);
        traffic.udp(HERE, 53, THERE, 5000, 100);
        until(() -> asked.size() == 1);
        assertEquals(100, scrape().value(sent("unknown")));
        answer.countDown();
        until(() -> lookups("found") == 1);
        traffic.udp(HERE, 53, THERE, 5000, 20);
        assertEquals(100, scrape().value(sent("unknown")));
        assertEquals(20, scrape().value(sent("nginx")));
        assertEquals(List.of("17 " + HERE + ":53 " + THERE + ":5000"), asked);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Test
    void unknownOwnersAndLookupsThatFailAreCounted() throws Exception {
        start(
                10,
                (protocol, local, remote) -> {
                    if (local.getPort() == 2) {
                        throw new IllegalStateException("no permission");
                    }
                    return null;
                });
        traffic.udp(HERE, 1, THERE, 53, 1);
        traffic.udp(HERE, 2, THERE, 53, 1);
        traffic.udp(THERE, 2, "10.0.0.3", 53, 1);
        until(() -> lookups("unknown") == 2);
        assertEquals(2, scrape().value(sent("unknown")));
        assertEquals(0, lookups("found"));
    }

    @Test
    void foundAndUnknownAreAllThatWereLookedForAndRacedAreSomeOfTheFound() throws Exception {
        start(
                10,
                (protocol, local, remote) ->
                        switch (local.getPort() % 3) {
                            case 0 -> "nginx";
                            case 1 -> null;
                            default -> throw new IllegalStateException("no permission");
                        });
        int flows = 12_000;
        for (int port = 1; port <= flows; port++) {
            traffic.udp(HERE, port, THERE, 53, 1);
            if (port % 100 == 0) {
                tracker.finish();
                traffic.millis(1);
            }
        }
        until(() -> lookups("found") + lookups("unknown") == flows);
        traffic.udp("10.9.9.9", 1, "10.9.9.8", 53, 1);
        assertTrue(lookups("unknown") >= flows * 2 / 3, "all without an answer");
        assertTrue(lookups("raced") > 0, "flows that had ended");
        assertTrue(lookups("raced") <= lookups("found"), "are among the found");
        Thread.sleep(700);
        assertEquals(flows, lookups("found") + lookups("unknown"), "each once");
    }

    @Test
    void anOwnerThatIsNotThereYetIsLookedForAgain() throws Exception {
        List<Long> looks = new CopyOnWriteArrayList<>();
        start(
                10,
                (protocol, local, remote) -> {
                    looks.add(System.nanoTime());
                    return looks.size() < 3 ? null : "sshd";
                });
        traffic.udp(HERE, 1, THERE, 53, 1);
        until(() -> lookups("found") == 1);
        assertEquals(0, lookups("unknown"));
        assertEquals(3, looks.size());
        assertTrue(looks.get(1) - looks.get(0) >= 20_000_000L, "in its own time");
        traffic.udp(HERE, 1, THERE, 53, 5);
        assertEquals(5, scrape().value(sent("sshd")));
    }

    @Test
    void socketsThatNobodyHasAreNotLookedForWithoutEnd() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        start(
                10,
                (protocol, local, remote) -> {
                    looks.incrementAndGet();
                    return null;
                });
        int flows = 4000;
        for (int port = 1; port <= flows; port++) {
            traffic.udp(HERE, port, THERE, 53, 10);
        }
        until(() -> lookups("unknown") == flows);
        assertTrue(looks.get() >= flows, looks + " looks");
        assertTrue(looks.get() <= 4 * flows, looks + " looks");
        int last = looks.get();
        Thread.sleep(700);
        assertEquals(last, looks.get());
    }

    @Test
    void aFlowThatIsOverIsRaced() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        start(
                10,
                (protocol, local, remote) -> {
                    await(answer);
                    return "curl";
                });
        traffic.udp(HERE, 1, THERE, 53, 1);
        tracker.finish();
        answer.countDown();
        until(() -> lookups("found") == 1);
        traffic.udp("10.9.9.9", 1, "10.9.9.8", 53, 1);
        assertEquals(1, lookups("raced"));
        assertEquals(1, lookups("found"), "the same flow, which is raced as well");
        assertEquals(0, lookups("unknown"));
        tracker.close();
        assertEquals(1, lookups("raced"), "also when its tracker is gone");
    }

    @Test
    void latenciesGoToTheOwnerAsWell() throws Exception {
        start(10, (protocol, local, remote) -> "psql");
        traffic.tcp(HERE, 4000, THERE, 5432, Traffic.SYN, 100, 0, 0);
        until(() -> lookups("found") == 1);
        traffic.millis(5);
        traffic.tcp(THERE, 5432, HERE, 4000, Traffic.SYN | Traffic.ACK, 200, 101, 0);
        assertEquals(
                0.005,
                scrape().value("flowscope_latency_seconds_sum{process_name=psql,type=NET}"),
                1e-12);
    }

    @Test
    void manyProcessesStayBoundedAndSayOther() throws Exception {
        start(20, (protocol, local, remote) -> "process-" + local.getPort());
        for (int port = 1; port <= 3000; port++) {
            traffic.udp(HERE, port, THERE, 53, 10);
        }
        until(() -> lookups("found") == 3000);
        for (int port = 1; port <= 3000; port++) {
            traffic.udp(HERE, port, THERE, 53, 10);
        }
        Scrape scrape = scrape();
        long series =
                scrape.samples.keySet().stream()
                        .filter(s -> s.startsWith("flowscope_network_bytes_total"))
                        .count();
        assertEquals(22, series);
        assertEquals(2980 * 10, scrape.value(sent("other")));
        assertEquals(3000 * 10, scrape.value(sent("unknown")));
    }

    @Test
    @Tag("slow")
    void aMillionProcessesMakeTheSeriesOfTwoHundred() throws Exception {
        int names = 1_000_000;
        AtomicInteger asked = new AtomicInteger();
        start(200, (protocol, local, remote) -> "process-" + asked.getAndIncrement());
        AtomicInteger sent = new AtomicInteger();
        while (sent.get() < names) {
            for (int i = 0; i < 4000; i++) {
                int number = sent.getAndIncrement();
                String peer = "10.1." + (number >> 16) + "." + (number >> 8 & 0xff);
                traffic.udp(HERE, 1000 + (number & 0xff), peer, 53, 10);
            }
            until(() -> asked.get() == sent.get());
            // Of a few the flows go on, so that there is something to tell of their owners.
            traffic.udp(HERE, 1000 + (sent.get() - 1 & 0xff), lastPeer(sent.get()), 53, 10);
        }
        until(() -> lookups("found") == names);
        Scrape scrape = scrape();
        List<String> network =
                scrape.samples.keySet().stream()
                        .filter(s -> s.startsWith("flowscope_network_bytes_total"))
                        .toList();
        assertTrue(network.size() <= 202, network.size() + " series");
        assertTrue(scrape.value(sent("other")) >= 10, "those beyond the first are other");
        assertFalse(scrape.has(sent("process-999999")));
        assertTrue(registry.scrape().length() < 2_000_000, "the page stays small");
    }

    private static String lastPeer(int sent) {
        return "10.1." + (sent - 1 >> 16) + "." + (sent - 1 >> 8 & 0xff);
    }

    @Test
    void addressesOfBothVersionsAreHandedOver() throws Exception {
        List<InetAddress> asked = new CopyOnWriteArrayList<>();
        start(
                10,
                (protocol, local, remote) -> {
                    asked.add(remote.getAddress());
                    return "x";
                });
        traffic.udp("::1", 1, "2001:db8::9", 2, 3);
        until(() -> asked.size() == 1);
        assertEquals(InetAddress.getByName("2001:db8::9"), asked.get(0));
    }
}
