package io.flowscope.bindings.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bindings.Tools;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** What is left where libpcap is not installed: another JVM that looks for it where it is not. */
class LibpcapMissingTest {
    private static List<String> runWithout(String library) throws Exception {
        Tools.Outcome outcome =
                Tools.runJava(LibpcapMissingTest.class, "-Dflowscope.libpcap=" + library);
        assertEquals(0, outcome.exitCode(), outcome.output());
        return outcome.output().lines().toList();
    }

    /** Runs in the other JVM. */
    public static void main(String[] arguments) {
        System.out.println(pcap_h.DLT_EN10MB() + " " + pcap_pkthdr.sizeof());
        System.out.println(Libpcap.isAvailable());
        System.out.println(String.valueOf(Libpcap.unavailabilityCause()));
        try (Arena arena = Arena.ofConfined()) {
            List<Runnable> calls =
                    List.of(
                            Libpcap::ensureAvailable,
                            () -> PcapHandles.create(arena, "lo", PcapErrors.buffer(arena)),
                            () -> PcapDevices.findAll(PcapErrors.buffer(arena), new ArrayList<>()),
                            PcapNames::library,
                            () -> pcap_h.pcap_lib_version());
            for (Runnable call : calls) {
                try {
                    call.run();
                    System.out.println("no answer");
                } catch (UnsatisfiedLinkError answer) {
                    System.out.println(answer.getMessage());
                }
            }
        }
    }

    @Test
    void constantsAndLayoutsStayUsableAndEveryCallGivesTheReason() throws Exception {
        List<String> lines = runWithout("/nowhere/libpcap.so");
        assertEquals("1 24", lines.get(0));
        assertEquals("false", lines.get(1));
        String reason = "libpcap was not found (tried /nowhere/libpcap.so): install the package";
        for (String line : lines.subList(2, lines.size())) {
            assertTrue(line.contains(reason), line);
            assertTrue(line.endsWith("or name its file with -Dflowscope.libpcap=<path>"), line);
        }
        assertEquals(8, lines.size());
    }

    @Test
    void aFileThatIsNotLibpcapIsRefused() throws Exception {
        Tools.require(Tools.inTheCLibrary("gnu_get_libc_version"), "needs glibc");
        List<String> lines = runWithout("libc.so.6");
        assertEquals("false", lines.get(1));
        assertTrue(lines.getLast().startsWith("libc.so.6 has no pcap_"), lines::toString);
    }
}
