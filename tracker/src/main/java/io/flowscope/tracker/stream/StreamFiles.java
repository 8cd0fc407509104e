package io.flowscope.tracker.stream;

import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Files of many streams with a bound on how many are open: the one written longest ago is closed to
 * open another, and opened again at its end when it is written again. A file that exists is
 * overwritten.
 */
final class StreamFiles implements AutoCloseable {
    /** One stream's file. */
    record Entry(Path path) {}

    private final Path directory;
    private final int maxOpen;

    /** In the order of their last use. */
    private final Map<Entry, FileChannel> open = new LinkedHashMap<>(16, 0.75f, true);

    StreamFiles(Path directory, int maxOpen) throws IOException {
        if (maxOpen < 1) {
            throw new IllegalArgumentException("maxOpenFiles: 1 or more, was " + maxOpen);
        }
        this.directory = Files.createDirectories(directory);
        this.maxOpen = maxOpen;
    }

    /** A new, empty file: number of the flow, sender, receiver. */
    Entry create(long number, FlowView flow, Side side) throws IOException {
        FlowRecord record = flow.toRecord();
        String initiator = end(record.initiatorAddress(), record.initiatorPort());
        String responder = end(record.responderAddress(), record.responderPort());
        boolean forward = side == Side.INITIATOR;
        String name =
                String.format(
                        Locale.ROOT,
                        "%06d_%s-%s",
                        number,
                        forward ? initiator : responder,
                        forward ? responder : initiator);
        Entry entry = new Entry(directory.resolve(name));
        open(
                entry,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        return entry;
    }

    /** Addresses have no character but colons that a file system could dislike. */
    private static String end(String address, int port) {
        return address.replace(':', '_') + '.' + port;
    }

    void append(Entry entry, byte[] bytes, int length) throws IOException {
        FileChannel channel = open.get(entry);
        if (channel == null) {
            channel = open(entry, StandardOpenOption.APPEND);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    void finish(Entry entry) throws IOException {
        FileChannel channel = open.remove(entry);
        if (channel != null) {
            channel.close();
        }
    }

    private FileChannel open(Entry entry, StandardOpenOption... how) throws IOException {
        if (open.size() >= maxOpen) {
            finish(open.keySet().iterator().next());
        }
        FileChannel channel = FileChannel.open(entry.path(), how);
        open.put(entry, channel);
        return channel;
    }

    int openCount() {
        return open.size();
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (FileChannel channel : open.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        open.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
