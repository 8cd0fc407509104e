package io.flowscope.tracker.stream;

import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * Hashes both streams of every TCP flow with SHA-256, goes on after gaps, and hands over a {@link
 * StreamSummary} per side when it ends; with a directory it also writes each side's bytes to a file
 * of its own. Bytes pass through a small array that stays in the cache.
 *
 * <p>One per tracker, used by its thread; closing it closes the files that are open.
 */
public final class StreamHasher implements StreamConsumerFactory, AutoCloseable {
    private static final int CHUNK_BYTES = 8192;

    private final Consumer<? super StreamSummary> results;
    private final @Nullable StreamFiles files;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final Deque<MessageDigest> spare = new ArrayDeque<>();
    private long flows;

    /** Hashes only. */
    public StreamHasher(Consumer<? super StreamSummary> results) {
        this.results = results;
        this.files = null;
    }

    /**
     * Hashes, and writes every side that has any bytes to a file.
     *
     * @param directory is made if it does not exist
     * @param maxOpenFiles how many files are kept open at a time, at least 1
     * @throws IOException if the directory cannot be made
     */
    public StreamHasher(Consumer<? super StreamSummary> results, Path directory, int maxOpenFiles)
            throws IOException {
        this.results = results;
        this.files = new StreamFiles(directory, maxOpenFiles);
    }

    @Override
    public StreamConsumer open(FlowView flow) {
        return new Sides(++flows);
    }

    /** Closes the files that are open. */
    @Override
    public void close() throws IOException {
        if (files != null) {
            files.close();
        }
    }

    private MessageDigest digest() {
        MessageDigest digest = spare.poll();
        if (digest != null) {
            return digest;
        }
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private final class Sides implements StreamConsumer {
        private final long number;
        private final @Nullable MessageDigest[] digests = new MessageDigest[2];
        private final StreamFiles.@Nullable Entry[] entries = new StreamFiles.Entry[2];

        Sides(long number) {
            this.number = number;
        }

        @Override
        public int onBytes(
                StreamView stream, MemorySegment memory, long at, int length, long timestampNanos) {
            int side = stream.side() == Side.INITIATOR ? 0 : 1;
            MessageDigest digest = digests[side];
            if (digest == null) {
                digest = digest();
                digests[side] = digest;
            }
            for (int done = 0; done < length; done += CHUNK_BYTES) {
                int size = Math.min(CHUNK_BYTES, length - done);
                MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at + done, chunk, 0, size);
                digest.update(chunk, 0, size);
                if (files != null) {
                    write(files, stream, side, size);
                }
            }
            return length;
        }

        private void write(StreamFiles to, StreamView stream, int side, int size) {
            try {
                StreamFiles.Entry entry = entries[side];
                if (entry == null) {
                    entry = to.create(number, stream.flow(), stream.side());
                    entries[side] = entry;
                }
                to.append(entry, chunk, size);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public GapDecision onGap(
                StreamView stream, long length, GapCause cause, long timestampNanos) {
            return GapDecision.CONTINUE;
        }

        @Override
        public void onEnd(StreamView stream, StreamEnd end, long timestampNanos) {
            int side = stream.side() == Side.INITIATOR ? 0 : 1;
            MessageDigest digest = digests[side];
            if (digest == null) {
                digest = digest();
            }
            String sha256 = HexFormat.of().formatHex(digest.digest());
            digests[side] = null;
            spare.push(digest);
            StreamFiles.Entry entry = entries[side];
            if (files != null && entry != null) {
                finish(files, entry);
            }
            results.accept(
                    new StreamSummary(
                            stream.flow().toRecord(),
                            stream.side(),
                            stream.deliveredBytes(),
                            sha256,
                            stream.gapBytes(),
                            stream.gaps(),
                            stream.duplicateBytes(),
                            stream.conflictBytes(),
                            stream.oversizeBytes(),
                            stream.outOfOrderBytes(),
                            stream.startedMidStream(),
                            end,
                            entry == null ? null : entry.path()));
        }

        private void finish(StreamFiles of, StreamFiles.Entry entry) {
            try {
                of.finish(entry);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
