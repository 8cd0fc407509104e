package io.flowscope.cli.parquet;

import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Compresses pages as gzip members; its memory is used again for each. */
final class Gzip {
    /** Magic, deflate, no name, no time, nothing said of the level, no system. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final int CHUNK_BYTES = 1 << 14;

    private final int level;
    private final byte[] chunk = new byte[CHUNK_BYTES];

    Gzip(int level) {
        this.level = level;
    }

    /**
     * Appends the compressed bytes.
     *
     * @param repeats whether strings come again, which are looked for then
     */
    void compress(Bytes from, boolean repeats, Bytes to) {
        to.put(HEADER, 0, HEADER.length);
        Deflater deflater = new Deflater(level, true);
        deflater.setStrategy(repeats ? Deflater.DEFAULT_STRATEGY : Deflater.HUFFMAN_ONLY);
        try {
            deflater.setInput(from.array(), 0, from.size());
            deflater.finish();
            while (!deflater.finished()) {
                to.put(chunk, 0, deflater.deflate(chunk));
            }
        } finally {
            deflater.end();
        }
        CRC32 checksum = new CRC32();
        checksum.update(from.array(), 0, from.size());
        to.putInt((int) checksum.getValue()).putInt(from.size());
    }
}
