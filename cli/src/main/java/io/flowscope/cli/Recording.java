package io.flowscope.cli;

import static io.flowscope.cli.output.JsonLines.name;

import io.flowscope.capture.CaptureStatistics;
import io.flowscope.capture.CaptureWriter;
import io.flowscope.capture.PacketDescriptor;
import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.output.HumanText;
import io.flowscope.cli.output.JsonLines;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A live source being written down, and the numbers about it. */
final class Recording {
    private final LiveSource source;
    private final CaptureWriter writer;
    private final long limit;
    private final @Nullable ByteSink streamed;
    private final Stdio stdio;
    private final ProgressLine progress;
    private final long beganNanos = System.nanoTime();
    private long packets;
    private long bytes;

    /**
     * @param writer is closed when the recording ends
     * @param limit so many packets are recorded at most
     * @param streamed what the writer writes to if somebody reads it meanwhile, else null
     */
    Recording(
            LiveSource source,
            CaptureWriter writer,
            long limit,
            @Nullable ByteSink streamed,
            Stdio stdio) {
        this.source = source;
        this.writer = writer;
        this.limit = limit;
        this.streamed = streamed;
        this.stdio = stdio;
        this.progress = new ProgressLine(stdio);
    }

    /** Records until the source ends; what was recorded is in the files afterwards. */
    void run() {
        try (writer) {
            LiveSource.read(source, this::write, this::pulse);
        } finally {
            progress.erase();
        }
        if (streamed != null) {
            streamed.flush();
        }
    }

    private void write(MemorySegment memory, MemorySegment descriptors, int count) {
        int wanted = (int) Math.min(count, limit - packets);
        writer.write(memory, descriptors, wanted);
        for (int i = 0; i < wanted; i++) {
            bytes +=
                    descriptors.get(
                            ValueLayout.JAVA_INT,
                            (long) i * PacketDescriptor.BYTES + PacketDescriptor.LENGTH);
        }
        packets += wanted;
        if (streamed != null) {
            streamed.flush();
        }
        if (packets == limit) {
            source.stop();
        }
    }

    /** Packets before a pause are in the file though no other comes. */
    private void pulse(boolean idle) {
        if (idle) {
            writer.flush();
            if (streamed != null) {
                streamed.flush();
            }
        }
        progress.draw(
                () ->
                        HumanText.count(packets)
                                + " packets, "
                                + HumanText.bytes(bytes)
                                + ", "
                                + HumanText.count(source.statistics().drops())
                                + " dropped, "
                                + HumanText.duration(System.nanoTime() - beganNanos));
    }

    /**
     * Prints the numbers.
     *
     * @param target where the packets went
     */
    void report(Summary.Style style, String target) {
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        long perSecond = Math.round(packets / Math.max(seconds, 1e-9));
        CaptureStatistics statistics = source.statistics();
        switch (style) {
            case text ->
                    stdio.say(
                            String.join(
                                    ", ",
                                    HumanText.count(packets) + " packets to " + target,
                                    HumanText.bytes(bytes),
                                    HumanText.count(statistics.drops()) + " dropped",
                                    String.format(Locale.ROOT, "%.3f s", seconds),
                                    HumanText.count(perSecond) + " packets/s"));
            case json -> stdio.err.print(json(seconds, perSecond, statistics));
            case none -> {
                return;
            }
        }
        stdio.err.flush();
    }

    private String json(double seconds, long perSecond, CaptureStatistics statistics) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteSink sink = new ByteSink(out);
        JsonLines json = new JsonLines(sink);
        json.begin()
                .number(name("packets"), packets)
                .number(name("bytes"), bytes)
                .number(name("dropped"), statistics.drops())
                .number(name("freezes"), statistics.freezes())
                .number(name("files"), writer.files());
        json.field(name("seconds")).put(String.format(Locale.ROOT, "%.6f", seconds));
        json.number(name("packets_per_second"), perSecond).endLine();
        sink.flush();
        return out.toString(StandardCharsets.UTF_8);
    }
}
