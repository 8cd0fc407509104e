package io.flowscope.bench.pass;

import io.flowscope.capture.CaptureFile;
import io.flowscope.capture.PacketDescriptor;
import io.flowscope.tracker.key.FiveTuple;
import io.flowscope.tracker.key.KeyBuffer;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Reads a file and finds each packet's flow without a table: what {@code file_parse.c} does.
 *
 * <pre>
 *   DecodePasses FILE PASSES
 * </pre>
 */
public final class DecodePasses {
    private final PacketDecoder decoder = new PacketDecoder();
    private final PacketCursor cursor = new PacketCursor();
    private final KeyBuffer key = new KeyBuffer();
    private long keys;
    private long bytes;

    private DecodePasses() {}

    /** See the class. */
    public static void main(String[] arguments) {
        var decoding = new DecodePasses();
        Pass pass = new Pass(System.out);
        for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
            pass.begin();
            decoding.bytes = 0;
            long packets;
            try (var source = CaptureFile.open(Path.of(arguments[0]))) {
                packets = source.forEachBatch(decoding::batch);
            }
            pass.end(packets, decoding.bytes, 0);
        }
        System.out.println("keys " + decoding.keys); // read, so that they are made
    }

    private void batch(MemorySegment memory, MemorySegment descriptors, int count) {
        for (int i = 0; i < count; i++) {
            long record = (long) i * PacketDescriptor.BYTES;
            if (decoder.decode(memory, descriptors, record, cursor)
                    && FiveTuple.extract(cursor, key)) {
                keys += key.word0() ^ key.word1();
            }
            bytes += cursor.length();
        }
    }
}
