package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Several capture files as one source, in time order. The next packet is always the earliest of the
 * files' next ones; a file whose own packets are not in order keeps their order.
 *
 * <p>Packets are copied into one buffer, so that a batch has one memory. The interface numbers in
 * the descriptors count through: each pair of a file and an interface gets the next number when its
 * first packet comes.
 *
 * <p>If a file is damaged, the others are read to their ends, and then the damage is thrown.
 */
public final class MergedSource implements PacketSource {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int READ_BYTES = 256 << 10;
    private static final int BATCH_PACKETS = 512;
    private static final int MOST_INTERFACES = 65_536;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final List<Input> inputs = new ArrayList<>();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment descriptors =
            arena.allocate((long) BATCH_PACKETS * PacketDescriptor.BYTES, Long.BYTES);
    private final ReaderGate gate = new ReaderGate("merged files", this::wake, this::release);
    private MemorySegment memory = arena.allocate(BUFFER_BYTES, Long.BYTES);
    private int interfaces;
    private int inside;
    private long counted;

    /** What the reader counted, for others. */
    private volatile long packets;

    private MergedSource() {}

    static MergedSource open(List<Path> files) {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no files to merge");
        }
        var merged = new MergedSource();
        var options = CaptureFileOptions.builder().readBytes(READ_BYTES).build();
        try {
            for (Path file : files) {
                merged.inputs.add(new Input(CaptureFile.open(file, options)));
            }
            return merged;
        } catch (RuntimeException | Error e) {
            merged.close();
            throw e;
        }
    }

    /** The files, in the order given. */
    public List<CaptureFile> files() {
        return inputs.stream().map(input -> input.file).toList();
    }

    @Override
    public int linkType() {
        return inputs.getFirst().file.linkType();
    }

    @Override
    public long forEach(PacketHandler handler) {
        return forEachBatch(Batches.oneByOne(handler));
    }

    @Override
    public long forEachBatch(BatchHandler handler) {
        gate.enter();
        try {
            for (Input input : inputs) {
                input.file.enter();
                inside++;
            }
            return read(handler);
        } finally {
            while (inside > 0) {
                inputs.get(--inside).file.leave();
            }
            gate.leave();
        }
    }

    private long read(BatchHandler handler) {
        long total = 0;
        while (!gate.isStopped()) {
            int count = fill();
            if (count == 0) {
                break;
            }
            total += count;
            counted += count;
            packets = counted;
            Batches.deliver(handler, memory, descriptors, count);
        }
        if (!gate.isStopped()) {
            throwDamage();
        }
        return total;
    }

    private void throwDamage() {
        CaptureException first = null;
        for (Input input : inputs) {
            if (input.damage != null) {
                if (first == null) {
                    first = input.damage;
                } else if (!first.equals(input.damage)) {
                    first.addSuppressed(input.damage);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private int fill() {
        int count = 0;
        long used = 0;
        while (count < BATCH_PACKETS) {
            Input next = earliest();
            if (next == null) {
                break;
            }
            int captured = next.captured();
            if (captured > memory.byteSize() - used) {
                if (count > 0) {
                    break;
                }
                memory = arena.allocate(2L * captured, Long.BYTES);
            }
            long at = (long) count * PacketDescriptor.BYTES;
            MemorySegment.copy(
                    next.file.descriptors(),
                    next.descriptorAt(),
                    descriptors,
                    at,
                    PacketDescriptor.BYTES);
            MemorySegment.copy(next.file.memory(), next.offset(), memory, used, captured);
            descriptors.set(LONG, at + PacketDescriptor.OFFSET, used);
            descriptors.set(
                    INT,
                    at + PacketDescriptor.INTERFACE,
                    number(next, descriptors.get(INT, at + PacketDescriptor.INTERFACE)));
            next.index++;
            used += captured;
            count++;
        }
        return count;
    }

    /** Few files are merged at a time: looking at each is faster than a heap. */
    private @Nullable Input earliest() {
        Input earliest = null;
        long time = Long.MAX_VALUE;
        for (Input input : inputs) {
            if (input.hasPacket()) {
                long own = input.timestamp();
                if (earliest == null || own < time) {
                    earliest = input;
                    time = own;
                }
            }
        }
        return earliest;
    }

    private int number(Input input, int own) {
        if (own < 0 || own >= MOST_INTERFACES) {
            return -1;
        }
        if (own >= input.numbers.length) {
            int length = input.numbers.length;
            input.numbers = Arrays.copyOf(input.numbers, Math.max(own + 1, 2 * length));
            Arrays.fill(input.numbers, length, input.numbers.length, -1);
        }
        if (input.numbers[own] < 0) {
            input.numbers[own] = interfaces++;
        }
        return input.numbers[own];
    }

    /** The sum of all files'. */
    @Override
    public CaptureStatistics statistics() {
        long drops = 0;
        for (Input input : inputs) {
            drops += input.file.statistics().drops();
        }
        return new CaptureStatistics(packets + drops, drops, 0);
    }

    @Override
    public void stop() {
        gate.stop();
    }

    @Override
    public void close() {
        gate.close();
    }

    private void wake() {
        for (Input input : inputs) {
            input.file.stop();
        }
    }

    private void release() {
        for (Input input : inputs) {
            input.file.close();
        }
        Arenas.close(arena);
    }

    /** One file, and where in its current batch it stands. */
    private static final class Input {
        final CaptureFile file;
        int[] numbers = {-1, -1, -1, -1};
        int index;
        int count;
        boolean ended;
        @Nullable CaptureException damage;

        Input(CaptureFile file) {
            this.file = file;
        }

        boolean hasPacket() {
            if (index < count) {
                return true;
            }
            return !ended && nextBatch();
        }

        private boolean nextBatch() {
            index = 0;
            count = 0;
            try {
                count = file.nextBatch();
            } catch (CaptureException e) {
                damage = e;
            }
            ended = count == 0;
            return !ended;
        }

        long descriptorAt() {
            return (long) index * PacketDescriptor.BYTES;
        }

        long timestamp() {
            return file.descriptors().get(LONG, descriptorAt() + PacketDescriptor.TIMESTAMP);
        }

        long offset() {
            return file.descriptors().get(LONG, descriptorAt() + PacketDescriptor.OFFSET);
        }

        int captured() {
            return file.descriptors().get(INT, descriptorAt() + PacketDescriptor.CAPTURED);
        }
    }
}
