package io.flowscope.bindings.zstd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bindings.Tools;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

class ZstdTest {
    @TempDir private Path folder;

    private Arena arena = Arena.global();

    @BeforeEach
    void open() {
        Tools.require(Zstd.isAvailable(), String.valueOf(Zstd.unavailabilityCause()));
        arena = Arena.ofShared();
    }

    @AfterEach
    void close() {
        arena.close();
    }

    /** 400 kB that compress somewhat. */
    private static byte[] text() {
        Random random = new Random(1);
        byte[] text = new byte[400_000];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) ('a' + random.nextInt(4));
        }
        return text;
    }

    private MemorySegment nativeCopyOf(byte[] bytes) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
    }

    private byte[] compress(byte[] text) {
        ZstdEncoder encoder = ZstdEncoder.open(arena, 3);
        ZstdBuffers buffers = new ZstdBuffers(arena);
        MemorySegment room = arena.allocate(ZstdEncoder.outputBytes());
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        buffers.input(nativeCopyOf(text));
        long left;
        do {
            buffers.output(room);
            left = encoder.encode(buffers, ZstdEncoder.Directive.END);
            assertTrue(left >= 0, "error");
            collect(room, buffers, compressed);
        } while (left > 0);
        assertEquals(0, buffers.remaining());
        assertEquals(text.length, buffers.consumed());
        return compressed.toByteArray();
    }

    private byte[] decompress(byte[] compressed) {
        ZstdDecoder decoder = ZstdDecoder.open(arena);
        ZstdBuffers buffers = new ZstdBuffers(arena);
        MemorySegment room = arena.allocate(ZstdDecoder.outputBytes());
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        buffers.input(nativeCopyOf(compressed));
        long more = 1;
        while (more != 0) {
            buffers.output(room);
            more = decoder.decode(buffers);
            assertTrue(more >= 0, "error");
            collect(room, buffers, text);
        }
        return text.toByteArray();
    }

    private static void collect(
            MemorySegment room, ZstdBuffers buffers, ByteArrayOutputStream target) {
        target.writeBytes(room.asSlice(0, buffers.produced()).toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void whatWasCompressedComesBack() {
        byte[] text = text();
        byte[] compressed = compress(text);
        assertTrue(compressed.length < text.length / 2, compressed.length + " bytes");
        assertArrayEquals(text, decompress(compressed));
    }

    @Test
    void theCommandReadsWhatTheEncoderWrites() throws Exception {
        Tools.require(Tools.onPath("zstd"), "needs zstd");
        byte[] text = text();
        Path compressed = folder.resolve("text.zst");
        Files.write(compressed, compress(text));
        Tools.Outcome outcome = Tools.run(List.of("zstd", "-q", "-d", compressed.toString()));
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertArrayEquals(text, Files.readAllBytes(folder.resolve("text")));
    }

    @Test
    void damagedInputIsANegativeResultWithAName() {
        byte[] compressed = compress(text());
        compressed[compressed.length / 2] ^= 0x55;
        ZstdDecoder decoder = ZstdDecoder.open(arena);
        ZstdBuffers buffers = new ZstdBuffers(arena);
        buffers.input(nativeCopyOf(compressed));
        MemorySegment room = arena.allocate(ZstdDecoder.outputBytes());
        long result;
        do {
            buffers.output(room);
            result = decoder.decode(buffers);
        } while (result > 0);
        assertTrue(result < 0, "the damage went unseen");
        String name = Zstd.errorName(result);
        assertTrue(!name.equals("No error detected") && !name.isEmpty(), name);
    }

    @Test
    void aTruncatedFrameAsksForMore() {
        byte[] compressed = compress(text());
        ZstdDecoder decoder = ZstdDecoder.open(arena);
        ZstdBuffers buffers = new ZstdBuffers(arena);
        buffers.input(nativeCopyOf(compressed).asSlice(0, 100));
        buffers.output(arena.allocate(ZstdDecoder.outputBytes()));
        assertTrue(decoder.decode(buffers) > 0);
        assertEquals(0, buffers.remaining());
    }

    @Test
    void memoryThatIsGoneNeverReachesTheLibrary() {
        ZstdDecoder decoder = ZstdDecoder.open(arena);
        ZstdBuffers buffers = new ZstdBuffers(arena);
        buffers.output(arena.allocate(16));
        assertThrows(
                IllegalArgumentException.class,
                () -> buffers.input(MemorySegment.ofArray(new byte[4])));
        try (Arena shortLived = Arena.ofConfined()) {
            buffers.input(shortLived.allocate(16));
        }
        assertThrows(IllegalStateException.class, () -> decoder.decode(buffers));
    }

    @Test
    void aStreamIsOutOfReachOnceItsArenaIsClosed() {
        ZstdDecoder decoder;
        try (Arena owner = Arena.ofShared()) {
            decoder = ZstdDecoder.open(owner);
        }
        ZstdBuffers buffers = new ZstdBuffers(arena);
        buffers.input(arena.allocate(16));
        buffers.output(arena.allocate(16));
        assertThrows(IllegalStateException.class, () -> decoder.decode(buffers));
    }

    @Test
    void theSizesItLikesAreThoseOfItsBlocks() {
        assertEquals(128 * 1024, ZstdDecoder.outputBytes());
        assertTrue(ZstdDecoder.inputBytes() > 128 * 1024);
        assertEquals(128 * 1024, ZstdEncoder.inputBytes());
    }
}
