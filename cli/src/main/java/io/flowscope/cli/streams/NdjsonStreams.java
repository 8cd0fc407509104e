package io.flowscope.cli.streams;

import static io.flowscope.cli.output.JsonLines.name;

import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.output.JsonLines;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.stream.StreamSummary;

import org.jspecify.annotations.Nullable;

/** One JSON object per direction; the names and their order are a contract. */
public final class NdjsonStreams implements StreamOutput {
    private static final byte[] FILE = name("file");
    private static final byte[] SRC = name("src");
    private static final byte[] SRC_PORT = name("src_port");
    private static final byte[] DST = name("dst");
    private static final byte[] DST_PORT = name("dst_port");
    private static final byte[] SIDE = name("side");
    private static final byte[] LENGTH = name("length");
    private static final byte[] SHA256 = name("sha256");
    private static final byte[] GAP_BYTES = name("gap_bytes");
    private static final byte[] GAPS = name("gaps");
    private static final byte[] DUPLICATE_BYTES = name("duplicate_bytes");
    private static final byte[] CONFLICT_BYTES = name("conflict_bytes");
    private static final byte[] COMPLETE = name("complete");

    private final JsonLines json;

    /** Writes to the sink. */
    public NdjsonStreams(ByteSink out) {
        this.json = new JsonLines(out);
    }

    @Override
    public void write(@Nullable String file, StreamSummary stream) {
        json.begin()
                .textIfPresent(FILE, file)
                .plain(SRC, stream.sourceAddress())
                .number(SRC_PORT, stream.sourcePort())
                .plain(DST, stream.destinationAddress())
                .number(DST_PORT, stream.destinationPort())
                .plain(SIDE, stream.side() == Side.INITIATOR ? "initiator" : "responder")
                .number(LENGTH, stream.length())
                .plain(SHA256, stream.sha256())
                .number(GAP_BYTES, stream.gapBytes())
                .number(GAPS, stream.gaps())
                .number(DUPLICATE_BYTES, stream.duplicateBytes())
                .number(CONFLICT_BYTES, stream.conflictBytes())
                .flag(COMPLETE, stream.complete())
                .endLine();
    }
}
