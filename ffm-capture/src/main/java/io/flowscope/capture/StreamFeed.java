package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads any stream by a thread of its own, because a read of a stream cannot be interrupted: what
 * waits for the stream is the pump, and whoever reads here waits for the pump and can be stopped.
 *
 * <p>The two hand over two arrays in turn: the pump fills one while the other is copied out.
 */
final class StreamFeed implements ByteFeed {
    private static final int CHUNK_BYTES = 128 << 10;
    private static final int CHUNKS = 2;

    private final InputStream stream;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Filled by the pump while {@code filled} is less than CHUNKS; guarded by the lock's order. */
    private final byte[][] chunks = new byte[CHUNKS][CHUNK_BYTES];

    private final int[] lengths = new int[CHUNKS];

    /** Chunks ready to be copied, the first being number {@code first}; guarded by the lock. */
    private int filled;

    private int first;
    private boolean ended;
    private boolean stopped;
    private @Nullable IOException failure;

    /** How much of the first chunk is copied out; the reader's own. */
    private int copied;

    private @Nullable Thread pump;

    StreamFeed(InputStream stream) {
        this.stream = stream;
    }

    @Override
    public int read(MemorySegment memory, long offset, int room) throws IOException {
        startPump();
        int chunk = awaitChunk();
        if (chunk < 0) {
            return -1;
        }
        int length = Math.min(room, lengths[chunk] - copied);
        MemorySegment.copy(chunks[chunk], copied, memory, ValueLayout.JAVA_BYTE, offset, length);
        copied += length;
        if (copied == lengths[chunk]) {
            copied = 0;
            release();
        }
        return length;
    }

    private void startPump() {
        if (pump == null) {
            pump = Thread.ofPlatform().daemon().name("flowscope-stream").start(this::pump);
        }
    }

    private int awaitChunk() throws IOException {
        lock.lock();
        try {
            while (filled == 0 && !ended && !stopped) {
                changed.awaitUninterruptibly();
            }
            if (stopped) {
                throw new ClosedChannelException();
            }
            if (filled > 0) {
                return first;
            }
            if (failure != null) {
                throw failure;
            }
            return -1;
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        lock.lock();
        try {
            first = (first + 1) % CHUNKS;
            filled--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pump() {
        IOException thrown = null;
        try {
            for (int chunk = 0; awaitRoom(); chunk = (chunk + 1) % CHUNKS) {
                int length = stream.read(chunks[chunk], 0, CHUNK_BYTES);
                if (length < 0) {
                    break;
                }
                fill(chunk, length);
            }
        } catch (IOException e) {
            thrown = e;
        } catch (RuntimeException e) {
            thrown = new IOException("the stream threw " + e, e);
        }
        lock.lock();
        try {
            failure = thrown;
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitRoom() {
        lock.lock();
        try {
            while (filled == CHUNKS && !stopped) {
                changed.awaitUninterruptibly();
            }
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    private void fill(int chunk, int length) {
        if (length == 0) {
            throw new IllegalStateException("read nothing although there was room");
        }
        lock.lock();
        try {
            lengths[chunk] = length;
            filled++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void interrupt() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        interrupt();
        boolean pumpMayWait = pump != null && !ended();
        if (pumpMayWait) {
            // Closing may wait for the read that the pump is in, which may never return.
            Thread.ofPlatform().daemon().name("flowscope-stream-close").start(this::closeStream);
        } else {
            closeStream();
        }
    }

    private boolean ended() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    private void closeStream() {
        try {
            stream.close();
        } catch (IOException e) {
            // Nothing was written; there is nothing to lose and nobody to tell.
            return;
        }
    }
}
