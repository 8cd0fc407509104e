package io.flowscope.capture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Another source's packets, without those that a filter rejects. Packets stay where they are: only
 * the descriptors of a batch are moved together. Each link type has its own compiled filter.
 */
public final class FilteredSource implements PacketSource {
    private static final int MAX_LINK_TYPES = 64;

    /** Returns 0 for every packet. */
    private static final BpfProgram NOTHING = BpfProgram.of(6);

    private final PacketSource source;
    private final String expression;
    private final int[] linkTypes = new int[MAX_LINK_TYPES];
    private final BpfProgram[] programs = new BpfProgram[MAX_LINK_TYPES];
    private int known;
    private final AtomicLong rejected = new AtomicLong();

    /**
     * Filters a source, which is closed with this one.
     *
     * @throws FilterException if the filter cannot be compiled for the source's link type
     */
    public FilteredSource(PacketSource source, String expression) {
        this.source = source;
        this.expression = expression;
        remember(source.linkType(), Filters.compile(expression, source.linkType()));
    }

    private BpfProgram remember(int linkType, BpfProgram program) {
        if (known < MAX_LINK_TYPES) {
            linkTypes[known] = linkType;
            programs[known] = program;
            known++;
        }
        return program;
    }

    /** Packets that the filter has rejected so far; may be read from any thread. */
    public long rejected() {
        return rejected.get();
    }

    @Override
    public int linkType() {
        return source.linkType();
    }

    @Override
    public long forEachBatch(BatchHandler handler) {
        long[] passed = new long[1];
        source.forEachBatch(
                (memory, descriptors, count) -> {
                    int kept = compact(memory, descriptors, count);
                    rejected.addAndGet(count - kept);
                    if (kept > 0) {
                        passed[0] += kept;
                        handler.onBatch(memory, descriptors, kept);
                    }
                });
        return passed[0];
    }

    @Override
    public long forEach(PacketHandler handler) {
        return forEachBatch(Batches.oneByOne(handler));
    }

    private int compact(MemorySegment memory, MemorySegment descriptors, int count) {
        int linkType = -1;
        BpfProgram program = NOTHING;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            long at = (long) i * PacketDescriptor.BYTES;
            int type =
                    descriptors.get(ValueLayout.JAVA_SHORT, at + PacketDescriptor.LINK_TYPE)
                            & 0xffff;
            if (type != linkType) {
                linkType = type;
                program = programFor(type);
            }
            if (program.matches(memory, descriptors, at)) {
                if (kept != i) {
                    MemorySegment.copy(
                            descriptors,
                            at,
                            descriptors,
                            (long) kept * PacketDescriptor.BYTES,
                            PacketDescriptor.BYTES);
                }
                kept++;
            }
        }
        return kept;
    }

    private BpfProgram programFor(int linkType) {
        for (int i = 0; i < known; i++) {
            if (linkTypes[i] == linkType) {
                return programs[i];
            }
        }
        try {
            return remember(linkType, Filters.compile(expression, linkType));
        } catch (FilterException meaningless) {
            // Such as an Ethernet address among raw IP packets: no packet of that kind has it.
            return remember(linkType, NOTHING);
        }
    }

    @Override
    public CaptureStatistics statistics() {
        return source.statistics();
    }

    @Override
    public void stop() {
        source.stop();
    }

    @Override
    public void recall() {
        source.recall();
    }

    @Override
    public void close() {
        source.close();
    }
}
