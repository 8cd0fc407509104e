package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.filter.FilterCompiler;
import io.flowscope.capture.filter.FilterSyntaxException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

@Execution(ExecutionMode.CONCURRENT)
class FiltersTest {
    private static final String TCP_SYN =
            "02000000000202000000000108004500002800010000400666cd0a0000010a000002"
                    + "c35001bb00000001000000005002ffff00000000";

    private static boolean matches(String filter, int linkType, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(bytes.length + 8L);
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 5, bytes.length);
            BpfProgram own = BpfProgram.of(FilterCompiler.compile(filter, linkType, true));
            BpfProgram any = Filters.compile(filter, linkType);
            boolean verdict = own.matches(memory, 5, bytes.length, bytes.length);
            assertEquals(verdict, any.matches(memory, 5, bytes.length, bytes.length), filter);
            return verdict;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tcp[tcpflags] & (tcp-syn) != 0, true",
        "tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn, true",
        "tcp[tcpflags] & tcp-ack != 0, false",
        "tcp port 80 or 443, true",
        "tcp port (80 or 443) and host 10.0.0.2, true",
        "not host 10.0.0.1 and 10.0.0.2, false",
        "src net 10/8 && dst portrange 400-500, true",
        "net 0.0.0.0/0, true",
        "ether host 02-00-00-00-00-01, true",
        "(ip[0] & 0xf) * 4 = 20, true",
        "less 54, true",
        "greater 55, false",
        "ip6 or arp, false",
        "udp or (icmp and host 10.0.0.1), false",
        "inbound, true",
        "vlan, false",
        "'', true",
    })
    void theCommonLanguageMeansWhatItSays(String filter, boolean verdict) {
        assertEquals(verdict, matches(filter, 1, TCP_SYN));
        // What is behind the Ethernet header is the same as raw IP.
        if (!filter.matches(".*(ether|vlan|less|greater).*")) {
            assertEquals(verdict, matches(filter, 101, TCP_SYN.substring(28)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "tcp prot 80; 4; 'and', 'or' or the end, found 'prot'",
                "host 10.0.0.1 and; 17; a primitive such as",
                "port 70000; 5; a port up to 65535, found '70000'",
                "net 10.0.0.1/8; 4; bits set that its mask does not cover",
                "ip[0:3] = 1; 5; a size of 1, 2 or 4 bytes, found '3'",
                "(tcp or udp; 11; ')', found the end",
                "tcp and $; 8; found '$'",
                "len / 0 = 1; 4; division by zero",
                "len << 32 = 1; 4; shift by more than 31",
                "vlan 5000; 5; a VLAN number up to 4095",
                "host 1.2.3.4/8; 12; 'and', 'or' or the end",
                "ether host 10.0.0.1; 11; cannot be applied",
            })
    void errorsNameThePositionAndWhatWasExpected(String filter, int position, String words) {
        FilterSyntaxException own =
                assertThrows(
                        FilterSyntaxException.class, () -> FilterCompiler.compile(filter, 1, true));
        assertEquals(position, own.position(), own.getMessage());
        assertTrue(String.valueOf(own.getMessage()).contains(words), own.getMessage());
        FilterException shown =
                assertThrows(FilterException.class, () -> Filters.compile(filter, 1));
        assertEquals(position, shown.position());
        String where = "at character " + (position + 1);
        assertTrue(String.valueOf(shown.getMessage()).contains(where), shown.getMessage());
    }

    @Test
    void deepNestingIsRefusedAndLongFiltersAreNot() {
        String deep = "(".repeat(5000) + "tcp" + ")".repeat(5000);
        assertThrows(FilterSyntaxException.class, () -> FilterCompiler.compile(deep, 1, true));
        String not = "not ".repeat(5000) + "tcp";
        assertThrows(FilterSyntaxException.class, () -> FilterCompiler.compile(not, 1, true));
        String many =
                String.join(
                        " or ",
                        IntStream.range(0, 400)
                                .mapToObj(i -> "src host 10.1." + i % 200 + "." + i / 200)
                                .toList());
        assertTrue(matches(many + " or src host 10.0.0.1", 1, TCP_SYN));
        assertFalse(matches(many, 1, TCP_SYN));
        String tooMany =
                String.join(
                        " or ",
                        IntStream.range(0, 5000).mapToObj(i -> "len = " + (100_000 + i)).toList());
        assertThrows(FilterSyntaxException.class, () -> FilterCompiler.compile(tooMany, 1, true));
    }

    @Test
    void aTagBesideTheFrameIsATagLikeOneInIt() {
        BpfProgram program = Filters.compile("vlan 5 and tcp port 443", 1);
        byte[] untagged = HexFormat.of().parseHex(TCP_SYN);
        byte[] tagged =
                HexFormat.of()
                        .parseHex(TCP_SYN.substring(0, 24) + "81000005" + TCP_SYN.substring(24));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(256);
            MemorySegment descriptor = arena.allocate(PacketDescriptor.BYTES, 8);
            MemorySegment.copy(untagged, 0, memory, ValueLayout.JAVA_BYTE, 0, untagged.length);
            int flags = Descriptors.linkTypeAndFlags(1, PacketDescriptor.FLAG_VLAN);
            Descriptors.put(descriptor, 0, 0, 0, untagged.length, untagged.length, flags, 0);
            descriptor.set(ValueLayout.JAVA_INT, PacketDescriptor.VLAN_TCI, 0x8100_e005);
            assertTrue(program.matches(memory, descriptor, 0));
            descriptor.set(ValueLayout.JAVA_INT, PacketDescriptor.VLAN_TCI, 0x8100_e006);
            assertFalse(program.matches(memory, descriptor, 0));
            assertFalse(program.matches(memory, 0, untagged.length, untagged.length));
            MemorySegment.copy(tagged, 0, memory, ValueLayout.JAVA_BYTE, 0, tagged.length);
            assertTrue(program.matches(memory, 0, tagged.length, tagged.length));
        }
    }

    @Test
    void programsThatTheKernelWouldRefuseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> BpfProgram.of());
        // No return at the end; a jump out; a scratch word that was never written; no such code.
        assertThrows(IllegalArgumentException.class, () -> BpfProgram.of(0x80));
        assertThrows(IllegalArgumentException.class, () -> BpfProgram.of(0x0105_0015L, 6));
        assertThrows(IllegalArgumentException.class, () -> BpfProgram.of(0x60, 6));
        assertThrows(IllegalArgumentException.class, () -> BpfProgram.of(0xff, 6));
    }

    @Test
    void aProgramIsShownLikeTcpdumpShowsIt() {
        BpfProgram program = BpfProgram.of(FilterCompiler.compile("ip", 1, true));
        assertEquals(
                """
                (000) ldh      [12]
                (001) jeq      #0x800           jt 2	jf 3
                (002) ret      #262144
                (003) ret      #0\
                """,
                program.toString());
        assertArrayEquals(program.toArray(), BpfProgram.of(program.toArray()).toArray());
    }

    @Test
    void manyThreadsMayCompileAndMatchAtOnce() {
        List<CompletableFuture<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            String filter = "tcp port 443 and (len % " + (1 + i) + " + ip[0]) >= 0";
            all.add(CompletableFuture.supplyAsync(() -> matches(filter, 1, TCP_SYN)));
        }
        for (CompletableFuture<Boolean> one : all) {
            assertTrue(one.join());
        }
    }

    @Test
    void aFilteredSourceMovesDescriptorsTogetherAndCountsTheRest() {
        byte[] bytes = HexFormat.of().parseHex(TCP_SYN);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(1024);
            MemorySegment descriptors = arena.allocate(8L * PacketDescriptor.BYTES, 8);
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
            for (int i = 0; i < 8; i++) {
                // Every other packet is raw IP; packets of 54 and more bytes are wanted.
                int raw = i % 2 == 1 ? 14 : 0;
                int captured = bytes.length - raw;
                Descriptors.put(
                        descriptors,
                        (long) i * PacketDescriptor.BYTES,
                        raw,
                        i,
                        captured,
                        i < 4 ? captured : captured + 100,
                        Descriptors.linkTypeAndFlags(raw == 0 ? 1 : 101, 0),
                        0);
            }
            List<Packet> passed = new ArrayList<>();
            try (FilteredSource source =
                    new FilteredSource(
                            new OneBatch(memory, descriptors, 8), "tcp port 443 and greater 100")) {
                assertEquals(4, source.forEachBatch(Packet.into(passed)));
                assertEquals(4, source.rejected());
            }
            assertEquals(
                    List.of(4L, 5L, 6L, 7L), passed.stream().map(Packet::timestampNanos).toList());
            assertEquals(TCP_SYN.substring(28), passed.get(1).hex());
        }
    }

    /** One batch, once. */
    private record OneBatch(MemorySegment memory, MemorySegment descriptors, int count)
            implements PacketSource {
        @Override
        public int linkType() {
            return 1;
        }

        @Override
        public long forEachBatch(BatchHandler handler) {
            handler.onBatch(memory, descriptors, count);
            return count;
        }

        @Override
        public long forEach(PacketHandler handler) {
            return forEachBatch(Batches.oneByOne(handler));
        }

        @Override
        public CaptureStatistics statistics() {
            return new CaptureStatistics(count, 0, 0);
        }

        @Override
        public void stop() {}

        @Override
        public void close() {}
    }
}
