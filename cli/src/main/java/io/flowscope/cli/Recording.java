package io.flowscope.cli;

import io.flowscope.capture.CaptureStatistics;
import io.flowscope.capture.CaptureWriter;
import io.flowscope.capture.PacketDescriptor;
import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.output.HumanText;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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

    /** The interface of the last packet, and whether there was any other before. */
    private int interfaceNumber = -1;

    private boolean severalInterfaces;

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
            if (packets > 0 && !severalInterfaces) {
                // So that the file itself says what is missing from it.
                writer.writeStatistics(interfaceNumber, source.statistics());
            }
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
            long at = (long) i * PacketDescriptor.BYTES;
            bytes += descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.LENGTH);
            int from = descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.INTERFACE);
            severalInterfaces |= from != interfaceNumber && interfaceNumber >= 0;
            interfaceNumber = from;
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
     * @param complete whether all of them are there
     */
    void report(Summary.Style style, String target, boolean complete) {
        String to = complete ? " packets to " : " packets, not all of them in ";
        CaptureStatistics statistics = source.statistics();
        new SummaryLine()
                .number("packets", packets, HumanText.count(packets) + to + target)
                .number("bytes", bytes, HumanText.bytes(bytes))
                .number(
                        "dropped",
                        statistics.drops(),
                        HumanText.count(statistics.drops()) + " dropped")
                .number("freezes", statistics.freezes())
                .number("files", writer.files())
                .print(stdio, style, packets, (System.nanoTime() - beganNanos) / 1e9);
    }
}
