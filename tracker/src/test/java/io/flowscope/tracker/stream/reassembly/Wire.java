package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.flowscope.tracker.stream.StreamConsumer;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamOptions;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** One flow and its reassembler, driven by stream offsets and text instead of packets. */
final class Wire implements AutoCloseable {
    static final int ISN = -3;

    final Arena arena = Arena.ofConfined();
    final Recorder recorder = new Recorder();
    final Recorder.Host host = new Recorder.Host();
    final Reassembler reassembler;
    final int handle;
    long now = 1_000_000_000L;
    private final MemorySegment packet = arena.allocate(70_000);

    Wire(StreamOptions.Builder options) {
        this(options, null);
    }

    Wire(StreamOptions.Builder options, StreamConsumer consumer) {
        reassembler = new Reassembler(options.build(), arena, host);
        handle = reassembler.open(1, consumer == null ? recorder : consumer);
    }

    /** Both SYNs, so that offset 0 is the byte after them. */
    Wire handshake() {
        segment(0, -1, Reassembler.SYN, "", 0);
        segment(1, -1, Reassembler.SYN, "", 0);
        return this;
    }

    /** Payload at a stream offset of the initiator. */
    Wire send(long offset, String text) {
        return segment(0, offset, 0, text, text.length());
    }

    Wire segment(int side, long offset, int flags, String text, int length) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        MemorySegment.copy(bytes, 0, packet, JAVA_BYTE, 54, bytes.length);
        int seq = (int) (ISN + 1 + offset);
        reassembler.onSegment(handle, side, seq, 0, flags, packet, 54, bytes.length, length, now);
        return this;
    }

    Wire fin(long offset, String text) {
        return segment(0, offset, Reassembler.FIN, text, text.length());
    }

    /** The responder acknowledges everything before a stream offset of the initiator. */
    Wire acked(long offset) {
        reassembler.onSegment(
                handle, 1, 0, (int) (ISN + 1 + offset), Reassembler.ACK, packet, 0, 0, 0, now);
        return this;
    }

    /** The responder's SYN-ACK, to a SYN of the initiator's that is not always the one seen. */
    Wire answered(int seq, long offset) {
        int flags = Reassembler.SYN | Reassembler.ACK;
        int ack = (int) (ISN + 1 + offset);
        reassembler.onSegment(handle, 1, seq, ack, flags, packet, 0, 0, 0, now);
        return this;
    }

    Wire pass(long nanos) {
        now += nanos;
        return this;
    }

    Wire expire() {
        reassembler.expire(now);
        return this;
    }

    Wire end() {
        reassembler.end(handle, StreamEnd.FLOW_ENDED, now);
        return this;
    }

    SideCursor counters() {
        return reassembler.cursor(handle, 0);
    }

    /** Events of the initiator's side, one per line. */
    String events() {
        return events(0);
    }

    String events(int side) {
        StringBuilder lines = new StringBuilder();
        for (String event : recorder.events) {
            if (event.startsWith(side + " ")) {
                lines.append(event.substring(2)).append('\n');
            }
        }
        return lines.toString().strip();
    }

    @Override
    public void close() {
        arena.close();
    }
}
