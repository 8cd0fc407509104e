package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decompresses gzip, member after member. Zero bytes after the last member are padding; anything
 * else there is ignored and noted, as gzip does.
 *
 * <pre>
 *   1F 8B 08 | flags | time 4 | 2 | [extra: length 2 + bytes] [name 0] [comment 0] [crc 2]
 *   deflate data | CRC-32 of the plain bytes 4 | their number modulo 2^32 4
 * </pre>
 */
final class GzipFeed implements ByteFeed {
    static final int BUFFER_BYTES = 256 << 10;

    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    /** Refuses a name or an extra field that is only there to keep us reading. */
    private static final int MOST_HEADER_BYTES = 1 << 20;

    private final ByteFeed below;
    private final MemorySegment input;
    private final ByteBuffer inputView;
    private final Runnable trailingGarbage;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private int at;
    private int end;
    private int headerBytes;
    private boolean inMember;
    private boolean firstMember = true;
    private boolean ended;

    /** What is wrong with the data from here on; null while nothing is. */
    private @Nullable String damage;

    /** The memory written to last, as a buffer. */
    private MemorySegment viewed;

    private ByteBuffer view;

    /**
     * Over a feed whose first bytes were read already.
     *
     * @param input memory of this feed's own, the first {@code length} bytes of which are filled
     * @param trailingGarbage called if something follows the last member
     */
    GzipFeed(ByteFeed below, MemorySegment input, int length, Runnable trailingGarbage) {
        this.below = below;
        this.input = input;
        this.inputView = input.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        this.end = length;
        this.trailingGarbage = trailingGarbage;
        viewed = input;
        view = inputView;
    }

    @Override
    public int read(MemorySegment memory, long offset, int room) throws IOException {
        if (!memory.equals(viewed)) {
            viewed = memory;
            view = memory.asByteBuffer();
        }
        view.limit((int) offset + room).position((int) offset);
        // Whatever is wrong is told by the read after the one that handed out the last good bytes.
        while (!ended) {
            if (damage != null) {
                throw damaged(damage);
            }
            if (inMember && inflater.finished()) {
                endMember();
            }
            if (!inMember && !beginMember()) {
                ended = true;
                break;
            }
            int produced = inflate((int) offset);
            if (produced > 0) {
                return produced;
            }
        }
        return -1;
    }

    private int inflate(int offset) throws IOException {
        long before = inflater.getBytesWritten();
        try {
            inputView.limit(end).position(at);
            inflater.setInput(inputView);
            inflater.inflate(view);
            at = inputView.position();
        } catch (DataFormatException e) {
            damage = String.valueOf(e.getMessage());
            return (int) (inflater.getBytesWritten() - before);
        }
        int produced = (int) (inflater.getBytesWritten() - before);
        if (produced > 0) {
            view.flip().position(offset);
            crc.update(view);
            return produced;
        }
        if (inflater.needsDictionary()) {
            throw damaged("a dictionary is asked for");
        }
        if (!inflater.finished()) {
            if (at < end) {
                throw damaged("the decompressor makes no progress");
            }
            more();
        }
        return 0;
    }

    private ZipException damaged(String how) {
        damage = how;
        return new ZipException("damaged gzip data: " + how);
    }

    /** Whether there is another member; its header is consumed. */
    private boolean beginMember() throws IOException {
        if (firstMember) {
            firstMember = false;
        } else if (!anotherMember()) {
            return false;
        }
        headerBytes = 0;
        if (next() != 0x1F || next() != 0x8B || next() != 8) {
            throw damaged("a member's header is wrong");
        }
        int flags = next();
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            skip(2);
        }
        inflater.reset();
        crc.reset();
        inMember = true;
        return true;
    }

    private boolean anotherMember() throws IOException {
        while (true) {
            if (at == end && !fill()) {
                return false;
            }
            int value = peek(at);
            if (value == 0x1F && (end - at < 2 || peek(at + 1) == 0x8B)) {
                return true;
            }
            if (value != 0) {
                trailingGarbage.run();
                return false;
            }
            at++;
        }
    }

    private void endMember() throws IOException {
        headerBytes = 0;
        long expected = next() | next() << 8 | next() << 16 | (long) next() << 24;
        long length = next() | next() << 8 | next() << 16 | (long) next() << 24;
        if (expected != crc.getValue()) {
            throw damaged("the checksum differs");
        }
        if (length != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
            throw damaged("the length differs");
        }
        inMember = false;
    }

    private int peek(int offset) {
        return input.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
    }

    private int next() throws IOException {
        if (++headerBytes > MOST_HEADER_BYTES) {
            throw damaged("a member's header does not end");
        }
        if (at == end) {
            more();
        }
        return peek(at++);
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    private void skipText() throws IOException {
        int value;
        do {
            value = next();
        } while (value != 0);
    }

    private void more() throws IOException {
        if (!fill()) {
            throw new EOFException("the gzip data ends early");
        }
    }

    private boolean fill() throws IOException {
        int read = below.read(input, 0, (int) input.byteSize());
        at = 0;
        end = Math.max(read, 0);
        return read > 0;
    }

    @Override
    public void interrupt() {
        below.interrupt();
    }

    @Override
    public void close() {
        inflater.end();
        below.close();
    }
}
