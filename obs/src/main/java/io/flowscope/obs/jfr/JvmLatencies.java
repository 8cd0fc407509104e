package io.flowscope.obs.jfr;

import io.flowscope.tracker.LatencyHistogram;

import jdk.jfr.EventSettings;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingStream;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long this JVM's file operations take, and how long its threads wait: from a stream of flight
 * recorder events, without threshold and throttle, about a second late. Our own threads and the
 * recorder's are left out.
 *
 * <p>The stream's thread writes; any thread reads.
 */
public final class JvmLatencies implements AutoCloseable {
    /** What is measured. */
    public enum Kind {
        /** Writing to a file. */
        WRITE("write"),
        /** Reading from a file. */
        READ("read"),
        /** Forcing a file to its device. */
        FSYNC("fsync"),
        /** A thread that is parked, waits for a monitor or sleeps. */
        WAIT("CPU");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** The value of the label {@code type}. */
        public String label() {
            return label;
        }
    }

    /** The kinds that are operations on files. */
    public static final List<Kind> FILES = List.of(Kind.WRITE, Kind.READ, Kind.FSYNC);

    /** The kinds that are waiting threads. */
    public static final List<Kind> WAITING = List.of(Kind.WAIT);

    private static final List<String> WAITS =
            List.of(
                    "jdk.ThreadPark",
                    "jdk.JavaMonitorEnter",
                    "jdk.JavaMonitorWait",
                    "jdk.ThreadSleep");

    private final RecordingStream stream;
    private final Map<Kind, LatencyHistogram> latencies = new EnumMap<>(Kind.class);
    private final AtomicLong bytesRead = new AtomicLong();
    private final AtomicLong bytesWritten = new AtomicLong();

    private JvmLatencies(RecordingStream stream) {
        this.stream = stream;
        for (Kind kind : Kind.values()) {
            latencies.put(kind, new LatencyHistogram());
        }
    }

    /**
     * Starts a stream.
     *
     * @throws IllegalStateException if this JVM has no flight recorder
     */
    public static JvmLatencies start() {
        RecordingStream stream;
        try {
            stream = new RecordingStream();
        } catch (IllegalStateException | SecurityException e) {
            throw new IllegalStateException(
                    "no flight recorder: this JVM was started with -XX:-FlightRecorder, or cannot"
                            + " write to its temporary folder",
                    e);
        }
        JvmLatencies jvm = new JvmLatencies(stream);
        stream.setOrdered(false);
        stream.setMaxAge(Duration.ofSeconds(30));
        jvm.subscribe();
        stream.startAsync();
        return jvm;
    }

    private void subscribe() {
        on("jdk.FileWrite", Kind.WRITE, bytesWritten, "bytesWritten");
        on("jdk.FileRead", Kind.READ, bytesRead, "bytesRead");
        on("jdk.FileForce", Kind.FSYNC, new AtomicLong(), "");
        for (String event : WAITS) {
            on(event, Kind.WAIT, new AtomicLong(), "");
        }
    }

    private void on(String event, Kind kind, AtomicLong bytes, String field) {
        EventSettings settings =
                stream.enable(event).withThreshold(Duration.ZERO).withoutStackTrace();
        // Not every event has it, and one that is not known is ignored.
        settings.with("throttle", "off");
        LatencyHistogram histogram = latencies(kind);
        stream.onEvent(
                event,
                e -> {
                    if (isOurs(e)) {
                        return;
                    }
                    histogram.record(e.getDuration().toNanos(), nanos(e));
                    if (!field.isEmpty()) {
                        // -1 stands for the end of the file.
                        bytes.addAndGet(Math.max(0, e.getLong(field)));
                    }
                });
    }

    private static long nanos(RecordedEvent event) {
        return ChronoUnit.NANOS.between(Instant.EPOCH, event.getEndTime());
    }

    private static boolean isOurs(RecordedEvent event) {
        RecordedThread thread = event.getThread();
        String name = thread == null ? null : thread.getJavaName();
        return name != null && (name.startsWith("flowscope-") || name.startsWith("JFR "));
    }

    /** The latencies of a kind. */
    public LatencyHistogram latencies(Kind kind) {
        LatencyHistogram histogram = latencies.get(kind);
        if (histogram == null) {
            throw new IllegalStateException("every kind has a histogram");
        }
        return histogram;
    }

    /** Bytes read from files since the start. */
    public long bytesRead() {
        return bytesRead.get();
    }

    /** Bytes written to files since the start. */
    public long bytesWritten() {
        return bytesWritten.get();
    }

    /** Ends the stream; what was measured stays. */
    @Override
    public void close() {
        stream.close();
    }
}
