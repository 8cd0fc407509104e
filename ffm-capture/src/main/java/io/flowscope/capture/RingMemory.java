package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.MAP_SHARED;
import static io.flowscope.bindings.linux.linux_h.PACKET_RX_RING;
import static io.flowscope.bindings.linux.linux_h.PROT_READ;
import static io.flowscope.bindings.linux.linux_h.PROT_WRITE;
import static io.flowscope.bindings.linux.linux_h.SOL_PACKET;
import static io.flowscope.bindings.linux.linux_h.TP_FT_REQ_FILL_RXHASH;

import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.MappedMemory;
import io.flowscope.bindings.linux.SocketCalls;
import io.flowscope.bindings.linux.linux_h;
import io.flowscope.bindings.linux.tpacket_req3;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gets the memory of a ring: as many blocks as asked for, or as many as there are. */
final class RingMemory {
    private static final int FRAME_BYTES = 2048;
    private static final int LEAST_BLOCKS = 2;
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable: +([0-9]{1,15}) kB");

    private RingMemory() {}

    /**
     * At most so many blocks as half of the memory that is free has room for: with more the kernel
     * would look for memory until it ends some process or other.
     *
     * @param memoryInfo what the kernel says of its memory, in the words of /proc/meminfo
     */
    static int affordable(int blockCount, int blockBytes, String memoryInfo) {
        Matcher available = AVAILABLE.matcher(memoryInfo);
        if (!available.find()) {
            return blockCount;
        }
        long blocks = Long.parseLong(available.group(1)) * 1024 / 2 / blockBytes;
        return (int) Math.min(blockCount, Math.max(LEAST_BLOCKS, blocks));
    }

    private static String memoryInfo() {
        try {
            return Files.readString(Path.of("/proc/meminfo"));
        } catch (IOException hidden) {
            return "";
        }
    }

    /**
     * Asks for ever fewer blocks while there is not enough memory.
     *
     * @param request asks for so many: 0, or the negated errno
     * @return how many were had, or the negated errno
     */
    static int fit(int blockCount, IntUnaryOperator request) {
        int count = blockCount;
        for (; ; ) {
            int result = request.applyAsInt(count);
            if (result >= 0) {
                return count;
            }
            if (result != -linux_h.ENOMEM() || count == LEAST_BLOCKS) {
                return result;
            }
            count = Math.max(LEAST_BLOCKS, count / 2);
        }
    }

    /** Sets the ring up and maps it until the arena closes. */
    static MemorySegment map(
            ErrnoCapture errno, Arena arena, PacketSocket socket, RingOptions options) {
        MemorySegment[] mapped = new MemorySegment[1];
        int blocks =
                fit(
                        affordable(options.blockCount(), options.blockBytes(), memoryInfo()),
                        count -> {
                            int result = request(errno, socket, options, count);
                            if (result < 0) {
                                return result;
                            }
                            long bytes = (long) options.blockBytes() * count;
                            mapped[0] =
                                    MappedMemory.map(
                                            errno,
                                            arena,
                                            bytes,
                                            PROT_READ() | PROT_WRITE(),
                                            MAP_SHARED(),
                                            socket.descriptor(),
                                            0);
                            if (mapped[0].address() != 0) {
                                return 0;
                            }
                            int refused = errno.errno();
                            request(errno, socket, options, 0);
                            return -refused;
                        });
        if (blocks < 0) {
            throw socket.failure(
                    "setsockopt(PACKET_RX_RING, %d blocks of %d bytes)"
                            .formatted(options.blockCount(), options.blockBytes()),
                    blocks);
        }
        return mapped[0];
    }

    private static int request(
            ErrnoCapture errno, PacketSocket socket, RingOptions options, int blockCount) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment request = tpacket_req3.allocate(call);
            if (blockCount > 0) {
                tpacket_req3.tp_block_size(request, options.blockBytes());
                tpacket_req3.tp_block_nr(request, blockCount);
                tpacket_req3.tp_frame_size(request, FRAME_BYTES);
                tpacket_req3.tp_frame_nr(request, options.blockBytes() / FRAME_BYTES * blockCount);
                tpacket_req3.tp_retire_blk_tov(request, options.retireMillis());
                tpacket_req3.tp_feature_req_word(request, TP_FT_REQ_FILL_RXHASH());
            }
            return SocketCalls.setsockopt(
                    errno,
                    socket.descriptor(),
                    SOL_PACKET(),
                    PACKET_RX_RING(),
                    request,
                    (int) tpacket_req3.sizeof());
        }
    }
}
