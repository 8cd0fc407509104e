package io.flowscope.obs.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.obs.CaptureNumbers;
import io.flowscope.obs.Traffic;
import io.flowscope.obs.jfr.RingStats;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerOptions;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.message.MapMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

class TracingHookTest {
    private static final String CLIENT = "198.51.100.77";
    private static final String SERVER = "203.0.113.99";
    private static final int CLIENT_PORT = 45678;

    private final Lines lines = new Lines();
    @TempDir private Path folder;

    private static final class Lines extends AbstractAppender {
        final List<String> all = new ArrayList<>();

        Lines() {
            super("lines", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            MapMessage<?, ?> message = (MapMessage<?, ?>) event.getMessage();
            all.add(
                    event.getLoggerName()
                            + " "
                            + event.getLevel()
                            + " "
                            + message.getFormattedMessage(new String[] {"JSON"}));
        }
    }

    @BeforeEach
    void listen() {
        lines.start();
        Configurator.setLevel("flowscope", Level.ALL);
        Configurator.setLevel("flowscope.flow", Level.INFO);
        Configurator.setLevel("flowscope.anomaly", Level.WARN);
        Configurator.setLevel("flowscope.message", Level.TRACE);
        root().addAppender(lines);
        root().getContext().getConfiguration().getRootLogger().removeAppender("DefaultConsole-2");
        root().getContext().updateLoggers();
    }

    @AfterEach
    void leave() {
        root().removeAppender(lines);
    }

    private static Logger root() {
        return ((LoggerContext) LogManager.getContext(false)).getRootLogger();
    }

    private static FlowTracker tracker() {
        return new FlowTracker(
                TrackerOptions.builder()
                        .maxFlows(10)
                        .closeLinger(Duration.ZERO)
                        .tracingHook(new TracingHook())
                        .build());
    }

    private static void talk(FlowTracker tracker) {
        Traffic traffic = new Traffic(tracker);
        traffic.connection(CLIENT, CLIENT_PORT, SERVER, 8080, 1, 1, 100, 200);
        traffic.handshake(CLIENT, CLIENT_PORT + 1, SERVER, 8080, 1, 1);
        traffic.tcp(CLIENT, CLIENT_PORT + 1, SERVER, 8080, 0x18, 151, 201, 10);
        traffic.tcp(CLIENT, CLIENT_PORT + 1, SERVER, 8080, 0x18, 101, 201, 10);
    }

    @Test
    void flowsAndAnomaliesAreMapsWithoutAnyKey() {
        try (FlowTracker tracker = tracker()) {
            talk(tracker);
        }
        assertEquals(
                List.of(
                        "flowscope.flow INFO {\"event\":\"flow started\",\"l4\":\"tcp\"}",
                        "flowscope.flow INFO {\"bytes\":732,\"event\":\"flow ended\","
                                + "\"l4\":\"tcp\",\"packets\":8,\"reason\":\"fin\"}",
                        "flowscope.flow INFO {\"event\":\"flow started\",\"l4\":\"tcp\"}",
                        "flowscope.anomaly WARN {\"event\":\"anomaly\",\"kind\":\"ooo_segment\","
                                + "\"l4\":\"tcp\",\"side\":\"initiator\"}",
                        "flowscope.flow INFO {\"bytes\":290,\"event\":\"flow ended\","
                                + "\"l4\":\"tcp\",\"packets\":5,\"reason\":\"finished\"}"),
                lines.all);
        for (String line : lines.all) {
            assertFalse(line.contains("198.51.") || line.contains("203.0."), line);
            assertFalse(line.contains("4567") || line.contains("8080"), line);
        }
    }

    @Test
    void belowTheLevelNothingIsMade() {
        Configurator.setLevel("flowscope.flow", Level.WARN);
        Configurator.setLevel("flowscope.anomaly", Level.ERROR);
        try (FlowTracker tracker = tracker()) {
            talk(tracker);
        }
        assertEquals(List.of(), lines.all);
    }

    @Test
    void messagesAreTraced() {
        new TracingHook().onMessage(null, Side.RESPONDER, "a \"message\"");
        assertEquals(
                List.of(
                        "flowscope.message TRACE {\"message\":\"a \\\"message\\\"\","
                                + "\"side\":\"responder\"}"),
                lines.all);
        Configurator.setLevel("flowscope.message", Level.DEBUG);
        new TracingHook()
                .onMessage(
                        null,
                        Side.RESPONDER,
                        new Object() {
                            @Override
                            public String toString() {
                                throw new AssertionError("asked for its text");
                            }
                        });
        assertEquals(1, lines.all.size());
    }

    @Test
    @Tag("slow")
    void aRecordingGetsEventsOfItsOwn() throws Exception {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("flowscope.FlowEnded");
            recording.enable("flowscope.Anomaly");
            recording.enable("flowscope.RingStats").withPeriod(Duration.ofMillis(50));
            recording.start();
            RingStats ring = RingStats.start("ring0", () -> new CaptureNumbers(10, 2, 1));
            try (FlowTracker tracker = tracker()) {
                talk(tracker);
                Thread.sleep(2500);
            } finally {
                ring.close();
            }
            recording.dump(file);
        }
        List<RecordedEvent> events =
                RecordingFile.readAllEvents(file).stream()
                        .filter(e -> e.getEventType().getName().startsWith("flowscope."))
                        .toList();
        List<String> ended =
                events.stream()
                        .filter(e -> e.getEventType().getName().equals("flowscope.FlowEnded"))
                        .map(
                                e ->
                                        e.getString("l4")
                                                + " "
                                                + e.getString("reason")
                                                + " "
                                                + e.getLong("packets")
                                                + " "
                                                + e.getLong("bytes")
                                                + " "
                                                + e.getDuration("flowDuration").toMillis())
                        .collect(Collectors.toList());
        assertEquals(List.of("tcp fin 8 732 2", "tcp finished 5 290 2"), ended);
        assertTrue(
                events.stream()
                        .anyMatch(
                                e ->
                                        e.getEventType().getName().equals("flowscope.Anomaly")
                                                && e.getString("kind").equals("ooo_segment")
                                                && e.getString("side").equals("initiator")));
        assertTrue(
                events.stream()
                        .anyMatch(
                                e ->
                                        e.getEventType().getName().equals("flowscope.RingStats")
                                                && e.getString("source").equals("ring0")
                                                && e.getLong("drops") == 2));
    }
}
