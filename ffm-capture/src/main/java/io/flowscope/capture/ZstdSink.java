package io.flowscope.capture;

import io.flowscope.bindings.zstd.Zstd;
import io.flowscope.bindings.zstd.ZstdBuffers;
import io.flowscope.bindings.zstd.ZstdEncoder;
import io.flowscope.bindings.zstd.ZstdEncoder.Directive;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Compresses into one zstd frame with libzstd. */
final class ZstdSink implements ByteSink {
    private static final int LEVEL = 3;

    private final ByteSink below;
    private final ZstdEncoder encoder;
    private final ZstdBuffers buffers;
    private final MemorySegment output;

    ZstdSink(ByteSink below, Arena arena) {
        this.below = below;
        encoder = ZstdEncoder.open(arena, LEVEL);
        buffers = new ZstdBuffers(arena);
        output = arena.allocate(ZstdEncoder.outputBytes(), Long.BYTES);
        buffers.input(output.asSlice(0, 0));
    }

    @Override
    public void write(MemorySegment memory, int length) throws IOException {
        buffers.input(memory.asSlice(0, length));
        while (buffers.remaining() > 0) {
            encode(Directive.CONTINUE);
        }
    }

    private long encode(Directive directive) throws IOException {
        buffers.output(output);
        long result = encoder.encode(buffers, directive);
        if (result < 0) {
            throw new IOException("zstd: " + Zstd.errorName(result));
        }
        if (buffers.produced() > 0) {
            below.write(output, (int) buffers.produced());
        }
        return result;
    }

    private void all(Directive directive) throws IOException {
        long left;
        do {
            left = encode(directive);
        } while (left > 0);
    }

    @Override
    public void flush() throws IOException {
        all(Directive.FLUSH);
        below.flush();
    }

    @Override
    public void end() throws IOException {
        all(Directive.END);
        below.end();
    }

    @Override
    public void abandon() {
        below.abandon();
    }
}
