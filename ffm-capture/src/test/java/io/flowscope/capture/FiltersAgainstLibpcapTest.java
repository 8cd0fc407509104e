package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.flowscope.bindings.pcap.Libpcap;
import io.flowscope.capture.filter.FilterCompiler;
import io.flowscope.capture.filter.RandomExpressions;
import io.flowscope.capture.filter.RandomPackets;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/** Our compiler and our interpreter against libpcap's, on random filters and packets. */
@Execution(ExecutionMode.CONCURRENT)
class FiltersAgainstLibpcapTest {
    private static final int PACKETS = 150;

    /** More than any packet has, and than any filter looks at. */
    private static final int READ = 512;

    @ParameterizedTest
    @ValueSource(ints = {1, 101, 113, 276, 0})
    void compilersAgreeOnEveryPacket(int linkType) {
        agree(linkType, 20_260, 60);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 101, 113, 276, 0})
    @Tag("slow")
    void compilersAgreeOnEveryPacketOfManyFilters(int linkType) {
        agree(linkType, 7, 1_500);
    }

    private static void agree(int linkType, int seed, int filters) {
        Needs.that(Libpcap.isAvailable(), "libpcap is not installed");
        Needs.that(
                Files.exists(Path.of("/etc/services")) && Files.exists(Path.of("/etc/protocols")),
                "libpcap knows no names here: /etc/services and /etc/protocols are missing");
        Random random = new Random(seed + linkType);
        RandomPackets packets = new RandomPackets(random);
        RandomExpressions expressions = new RandomExpressions(random, linkType);
        int matched = 0;
        int ofTwoMinds = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(16 + READ);
            for (int i = 0; i < filters; i++) {
                String text = expressions.next();
                if (text.contains("ip multicast") && !broadcastIsMulticast()) {
                    continue;
                }
                BpfProgram theirs = LibpcapCompiler.compile(text, linkType, false);
                BpfProgram optimized = optimized(text, linkType);
                BpfProgram ours = BpfProgram.of(FilterCompiler.compile(text, linkType, false));
                for (int j = 0; j < PACKETS; j++) {
                    byte[] packet = packets.next(linkType);
                    int offset = random.nextInt(16);
                    MemorySegment.copy(packet, 0, memory, JAVA_BYTE, offset, packet.length);
                    int captured = packet.length;
                    int length = captured + random.nextInt(3);
                    boolean expected = theirs.matches(memory, offset, captured, length);
                    matched += expected ? 1 : 0;
                    boolean alternative = optimized.matches(memory, offset, captured, length);
                    boolean actual = ours.matches(memory, offset, captured, length);
                    boolean agreed = actual == expected || actual == alternative;
                    boolean lenient =
                            !agreed
                                    && !actual
                                    && ours.matches(
                                            beyond(memory, offset + captured),
                                            offset,
                                            READ,
                                            length);
                    ofTwoMinds += expected != alternative || lenient ? 1 : 0;
                    if (!agreed && !lenient) {
                        fail(
                                "filter %s%npacket (%d of %d) %s%nours%n%s%ntheirs%n%s"
                                        .formatted(
                                                text,
                                                captured,
                                                length,
                                                HexFormat.of().formatHex(packet),
                                                ours,
                                                theirs));
                    }
                }
            }
        }
        assertTrue(matched > filters * PACKETS / 20, "only " + matched + " matches");
        // Where optimizing, or a newer version, leaves out a load beyond the end, libpcap disagrees
        // with itself.
        assertTrue(ofTwoMinds < filters * PACKETS / 50, ofTwoMinds + " undecided");
    }

    /** For libpcap before 1.11, as for us, addresses above those of class D are multicast, too. */
    private static boolean broadcastIsMulticast() {
        byte[] packet = new byte[20];
        packet[0] = 0x45;
        Arrays.fill(packet, 16, 20, (byte) 0xFF);
        return LibpcapCompiler.compile("ip multicast", 101, false)
                .matches(MemorySegment.ofArray(packet), 0, packet.length, packet.length);
    }

    /** The same memory, with zeros from here on where nothing was captured. */
    private static MemorySegment beyond(MemorySegment memory, int end) {
        memory.asSlice(end).fill((byte) 0);
        return memory;
    }

    private static BpfProgram optimized(String text, int linkType) {
        try {
            return LibpcapCompiler.compile(text, linkType);
        } catch (FilterException rejectsAllPackets) {
            return BpfProgram.of(6);
        }
    }
}
