package io.flowscope.bindings.pcap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bindings.Tools;
import io.flowscope.bindings.linux.ClassicBpf;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntBiFunction;

/** libpcap without an interface: files, filters, names, lifetimes. */
class PcapTest {
    private static final int NANO = pcap_h.PCAP_TSTAMP_PRECISION_NANO();

    @TempDir private Path folder;

    private Arena arena = Arena.global();
    private MemorySegment error = MemorySegment.NULL;

    @BeforeEach
    void open() {
        Tools.require(Libpcap.isAvailable(), String.valueOf(Libpcap.unavailabilityCause()));
        arena = Arena.ofShared();
        error = PcapErrors.buffer(arena);
    }

    @AfterEach
    void close() {
        arena.close();
    }

    /** Three Ethernet frames of 60, 61 and 62 bytes with different types. */
    private Path fileOfThree() {
        Path file = folder.resolve("three.pcap");
        try (Arena writing = Arena.ofConfined()) {
            MemorySegment dead = PcapHandles.openDead(writing, pcap_h.DLT_EN10MB(), 65535, NANO);
            PcapDumpFile dump = PcapDumpFile.open(writing, dead, file.toString());
            assertNotNull(dump);
            for (int i = 0; i < 3; i++) {
                dump.write(header(writing, i), frame(writing, i));
            }
            assertEquals(0, dump.flush());
            assertEquals(24 + 3 * 16 + 60 + 61 + 62, dump.lengthBytes());
        }
        return file;
    }

    private static MemorySegment header(Arena arena, int index) {
        MemorySegment header = pcap_pkthdr.allocate(arena);
        pcap_pkthdr.caplen(header, 60 + index);
        pcap_pkthdr.len(header, 1500);
        timeval.tv_sec(pcap_pkthdr.ts(header), 1_700_000_000L + index);
        timeval.tv_usec(pcap_pkthdr.ts(header), 999_999_999L);
        return header;
    }

    private static MemorySegment frame(Arena arena, int index) {
        MemorySegment frame = arena.allocate(60 + index);
        short type = (short) (index == 1 ? 0x0806 : 0x0800);
        frame.set(ValueLayout.JAVA_SHORT_UNALIGNED, 12, Short.reverseBytes(type));
        frame.set(ValueLayout.JAVA_BYTE, 59, (byte) index);
        return frame;
    }

    private MemorySegment openOffline(Path file) {
        MemorySegment opened = PcapHandles.openOffline(arena, file.toString(), NANO, error);
        assertTrue(opened.address() != 0, () -> PcapErrors.message(error));
        return opened;
    }

    @Test
    void whatADumpFileTookAnOfflineHandleGives() {
        MemorySegment source = openOffline(fileOfThree());
        assertEquals(pcap_h.DLT_EN10MB(), pcap_h.pcap_datalink(source));
        PcapPacket packet = new PcapPacket(arena);
        MemorySegment copy = arena.allocate(100);
        for (int i = 0; i < 3; i++) {
            assertEquals(1, packet.next(source));
            assertEquals(60 + i, packet.captured());
            assertEquals(1500, packet.length());
            assertEquals(1_700_000_000L + i, packet.seconds());
            assertEquals(999_999_999L, packet.fraction());
            packet.copyTo(copy, 10);
            assertEquals(i, copy.get(ValueLayout.JAVA_BYTE, 69));
            assertEquals(-1, packet.bytes().mismatch(copy.asSlice(10, packet.captured())));
        }
        assertEquals(pcap_h.PCAP_ERROR_BREAK(), packet.next(source));
        assertEquals(0, packet.captured());
    }

    @Test
    void aLoopHandsOverSizedSegments() {
        List<Long> sizes = new ArrayList<>();
        PcapLoop loop =
                new PcapLoop(
                        arena,
                        (header, bytes) -> {
                            sizes.add(bytes.byteSize());
                            assertEquals(pcap_pkthdr.sizeof(), header.byteSize());
                        });
        assertEquals(0, loop.loop(openOffline(fileOfThree()), -1));
        assertEquals(List.of(60L, 61L, 62L), sizes);
    }

    @Test
    void whatAHandlerThrowsEndsTheCallAndCostsNoPacket() {
        List<Long> sizes = new ArrayList<>();
        PcapLoop loop =
                new PcapLoop(
                        arena,
                        (header, bytes) -> {
                            sizes.add(bytes.byteSize());
                            throw new UnsupportedOperationException("by the handler");
                        });
        Path file = fileOfThree();
        PcapPacket packet = new PcapPacket(arena);
        for (int count : new int[] {-1, 1, 2}) {
            for (ToIntBiFunction<MemorySegment, Integer> call :
                    List.<ToIntBiFunction<MemorySegment, Integer>>of(loop::dispatch, loop::loop)) {
                sizes.clear();
                MemorySegment source = openOffline(file);
                assertThrows(
                        UnsupportedOperationException.class, () -> call.applyAsInt(source, count));
                assertEquals(List.of(60L), sizes);
                assertEquals(1, packet.next(source));
                assertEquals(61, packet.captured());
            }
        }
    }

    @Test
    void whatAHandlerMayNotThrowComesOutWrapped() {
        IOException thrown = new IOException("by the handler");
        PcapLoop loop = new PcapLoop(arena, (header, bytes) -> throwUndeclared(thrown));
        MemorySegment source = openOffline(fileOfThree());
        assertSame(
                thrown,
                assertThrows(UndeclaredThrowableException.class, () -> loop.dispatch(source, 1))
                        .getCause());
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwUndeclared(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void aHandlerCannotCallTheLoopThatItIsCalledBy() {
        Path file = fileOfThree();
        MemorySegment source = openOffline(file);
        MemorySegment other = openOffline(file);
        PcapLoop[] loop = new PcapLoop[1];
        loop[0] = new PcapLoop(arena, (header, bytes) -> loop[0].dispatch(other, 1));
        assertThrows(IllegalStateException.class, () -> loop[0].dispatch(source, -1));
        PcapPacket packet = new PcapPacket(arena);
        assertEquals(1, packet.next(source));
        assertEquals(61, packet.captured());
        assertEquals(1, packet.next(other));
        assertEquals(60, packet.captured());
    }

    @Test
    void aHeaderThatSaysMoreThanThereIsNeverReachesLibpcap() {
        MemorySegment dead = PcapHandles.openDead(arena, pcap_h.DLT_EN10MB(), 65535, NANO);
        String path = folder.resolve("written.pcap").toString();
        PcapDumpFile dump = PcapDumpFile.open(arena, dead, path);
        PcapFilter arp = PcapFilter.compile(arena, dead, "arp", true, 0);
        assertTrue(dump != null && arp != null);
        MemorySegment header = header(arena, 0);
        MemorySegment frame = frame(arena, 0);
        for (int captured : new int[] {61, Integer.MAX_VALUE, -1}) {
            pcap_pkthdr.caplen(header, captured);
            assertThrows(IllegalArgumentException.class, () -> dump.write(header, frame));
            assertThrows(IllegalArgumentException.class, () -> arp.matches(header, frame));
        }
    }

    @Test
    void aFilterLetsThroughWhatItNames() {
        MemorySegment source = openOffline(fileOfThree());
        PcapFilter arp = PcapFilter.compile(arena, source, "arp", true, 0);
        assertNotNull(arp);
        assertEquals(0, arp.matches(header(arena, 0), frame(arena, 0)));
        assertTrue(arp.matches(header(arena, 1), frame(arena, 1)) > 0);
        assertEquals(0, arp.installOn(source));
        PcapPacket packet = new PcapPacket(arena);
        assertEquals(1, packet.next(source));
        assertEquals(61, packet.captured());
        assertEquals(pcap_h.PCAP_ERROR_BREAK(), packet.next(source));
    }

    @Test
    void instructionsAreThoseOfThePacketSocket() {
        MemorySegment dead = PcapHandles.openDead(arena, pcap_h.DLT_EN10MB(), 4096, 0);
        PcapFilter arp = PcapFilter.compile(arena, dead, "arp", true, 0);
        assertNotNull(arp);
        assertArrayEquals(
                new long[] {
                    ClassicBpf.statement(0x28, 12),
                    ClassicBpf.jump(0x15, 0x806, 0, 1),
                    ClassicBpf.statement(0x06, 4096),
                    ClassicBpf.statement(0x06, 0)
                },
                arp.instructions());
    }

    @Test
    void aWrongExpressionIsExplained() {
        MemorySegment dead = PcapHandles.openDead(arena, pcap_h.DLT_EN10MB(), 4096, 0);
        assertNull(PcapFilter.compile(arena, dead, "tcp prot 80", true, 0));
        String why = PcapErrors.lastOf(dead);
        assertTrue(why.contains("syntax error"), why);
    }

    @Test
    void aFileThatIsNotThereIsExplained() {
        String path = folder.resolve("absent").toString();
        assertEquals(MemorySegment.NULL, PcapHandles.openOffline(arena, path, NANO, error));
        String why = PcapErrors.message(error);
        assertTrue(why.contains("No such file"), why);
        assertThrows(IllegalArgumentException.class, () -> PcapErrors.lastOf(MemorySegment.NULL));
    }

    @Test
    void aHandleIsOutOfReachOnceItsArenaIsClosed() throws Exception {
        Path file = fileOfThree();
        MemorySegment source;
        PcapPacket packet;
        MemorySegment bytes;
        try (Arena owner = Arena.ofShared()) {
            source = PcapHandles.openOffline(owner, file.toString(), NANO, error);
            packet = new PcapPacket(owner);
            assertEquals(1, packet.next(source));
            bytes = packet.bytes();
            assertEquals(60, bytes.byteSize());
            assertTrue(bytes.isReadOnly());
            assertTrue(openFiles().contains(file.toRealPath()));
        }
        assertTrue(!openFiles().contains(file.toRealPath()));
        assertThrows(IllegalStateException.class, () -> bytes.get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(
                IllegalStateException.class, () -> packet.bytes().get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(IllegalStateException.class, () -> packet.copyTo(arena.allocate(100), 0));
        assertThrows(IllegalStateException.class, () -> packet.next(source));
        assertThrows(IllegalStateException.class, () -> pcap_h.pcap_breakloop(source));
    }

    @Test
    void aPacketIsOfHandlesThatLiveAsLong() {
        MemorySegment source = openOffline(fileOfThree());
        PcapPacket packet = new PcapPacket(Arena.ofAuto());
        assertThrows(IllegalArgumentException.class, () -> packet.next(source));
    }

    private static List<Path> openFiles() throws Exception {
        List<Path> open = new ArrayList<>();
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)) {
                    open.add(Files.readSymbolicLink(descriptor));
                }
            }
        }
        return open;
    }

    @Test
    void linkTypesAndTimeStampsHaveNames() {
        assertEquals("EN10MB", PcapNames.ofLinkType(pcap_h.DLT_EN10MB()));
        assertEquals("Ethernet", PcapNames.describeLinkType(pcap_h.DLT_EN10MB()));
        assertEquals(pcap_h.DLT_LINUX_SLL2(), PcapNames.linkType("LINUX_SLL2"));
        assertEquals(-1, PcapNames.linkType("NONSENSE"));
        assertNull(PcapNames.ofLinkType(-1));
        int adapter = pcap_h.PCAP_TSTAMP_ADAPTER();
        assertEquals("adapter", PcapNames.ofTimestampType(adapter));
        assertEquals(adapter, PcapNames.timestampType("adapter"));
        assertTrue(PcapNames.library().startsWith("libpcap version "), PcapNames::library);
        assertEquals("That device is not up", PcapErrors.status(pcap_h.PCAP_ERROR_IFACE_NOT_UP()));
        MemorySegment dead = PcapHandles.openDead(arena, pcap_h.DLT_RAW(), 4096, 0);
        assertArrayEquals(new int[] {pcap_h.PCAP_TSTAMP_HOST()}, PcapNames.timestampTypesOf(dead));
    }
}
