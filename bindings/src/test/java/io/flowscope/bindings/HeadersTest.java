package io.flowscope.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bindings.linux.BpfCalls;
import io.flowscope.bindings.linux.ClassicBpf;
import io.flowscope.bindings.linux.ControlMessages;
import io.flowscope.bindings.linux.HandWritten;
import io.flowscope.bindings.linux.MessageVector;
import io.flowscope.bindings.linux.Netlink;
import io.flowscope.bindings.linux.Tpacket;
import io.flowscope.bindings.linux.linux_h;
import io.flowscope.bindings.pcap.pcap_h;
import io.flowscope.bindings.zstd.ZstdNumbers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Layouts and constants are what the C compiler of this machine makes of its headers. */
class HeadersTest {
    private static final String[] LINUX = {"#include \"linux.h\""};
    private static final String[] PCAP = {"#include \"pcap.h\""};

    /** Hand-written things hide from jextract behind this macro, or in headers it does not read. */
    private static final String[] BEHIND_GNU_SOURCE = {
        "#define _GNU_SOURCE",
        "#include \"linux.h\"",
        "#include <sched.h>",
        "#include <string.h>",
        "#include <sys/syscall.h>",
        "static long long filter(struct sock_filter f) { long long v; memcpy(&v, &f, 8); return v;"
                + " }",
        "static long long insn(struct bpf_insn i) { long long v; memcpy(&v, &i, 8); return v; }",
    };

    /** Newer than the headers that the bindings were made from. */
    private static final Set<String> MAY_BE_ABSENT =
            Set.of("PACKET_FANOUT_FLAG_IGNORE_OUTGOING", "TP_STATUS_GSO_TCP");

    @TempDir private Path folder;

    @Test
    void constantsOfLinuxAreThoseOfItsHeaders(TestReporter reporter) throws Exception {
        compare(LINUX, GeneratedClasses.constants(linux_h.class), 700, reporter);
    }

    @Test
    void layoutsOfLinuxAreThoseOfItsHeaders(TestReporter reporter) throws Exception {
        compare(LINUX, GeneratedClasses.layouts(linux_h.class), 500, reporter);
    }

    @Test
    void constantsOfLibpcapAreThoseOfItsHeaders(TestReporter reporter) throws Exception {
        Tools.require(Files.exists(Path.of("/usr/include/pcap/pcap.h")), "needs libpcap's headers");
        compare(PCAP, GeneratedClasses.constants(pcap_h.class), 70, reporter);
    }

    @Test
    void layoutsOfLibpcapAreThoseOfItsHeaders(TestReporter reporter) throws Exception {
        Tools.require(Files.exists(Path.of("/usr/include/pcap/pcap.h")), "needs libpcap's headers");
        compare(PCAP, GeneratedClasses.layouts(pcap_h.class), 30, reporter);
    }

    @Test
    void whatIsWrittenByHandIsWhatTheHeadersSay(TestReporter reporter) throws Exception {
        Map<String, Number> expected = new LinkedHashMap<>(HandWritten.expressions());
        expected.put("sizeof(struct mmsghdr)", MessageVector.BYTES);
        expected.put("offsetof(struct mmsghdr, msg_hdr)", MessageVector.MSG_HDR_OFFSET);
        expected.put("offsetof(struct mmsghdr, msg_len)", MessageVector.MSG_LEN_OFFSET);
        expected.put(
                "PACKET_FANOUT_FLAG_IGNORE_OUTGOING", Tpacket.PACKET_FANOUT_FLAG_IGNORE_OUTGOING);
        expected.put("TP_STATUS_GSO_TCP", Tpacket.TP_STATUS_GSO_TCP);
        for (int bytes : new int[] {0, 1, 15, 16, 17, 4097}) {
            expected.put("TPACKET_ALIGN(" + bytes + ")", Tpacket.align(bytes));
            expected.put("NLMSG_ALIGN(" + bytes + ")", Netlink.align(bytes));
            expected.put("RTA_ALIGN(" + bytes + ")", Netlink.align(bytes));
            expected.put("NLA_ALIGN(" + bytes + ")", Netlink.align(bytes));
            expected.put("NLMSG_LENGTH(" + bytes + ")", Netlink.messageLength(bytes));
            expected.put("RTA_LENGTH(" + bytes + ")", Netlink.attributeLength(bytes));
            expected.put("CMSG_ALIGN(" + bytes + ")", ControlMessages.align(bytes));
            expected.put("CMSG_SPACE(" + bytes + ")", ControlMessages.space(bytes));
            expected.put("CMSG_LEN(" + bytes + ")", ControlMessages.length(bytes));
        }
        expected.put(
                "filter((struct sock_filter) BPF_STMT(0x28, 0xfffff010))",
                ClassicBpf.statement(0x28, 0xfffff010));
        expected.put(
                "filter((struct sock_filter) BPF_JUMP(0x15, 0x86dd, 2, 255))",
                ClassicBpf.jump(0x15, 0x86dd, 2, 255));
        expected.put(
                "insn((struct bpf_insn) {.code = 0x85, .dst_reg = 3, .src_reg = 10, .off = -8, .imm"
                        + " = -2})",
                BpfCalls.instruction(0x85, 3, 10, -8, -2));
        compare(BEHIND_GNU_SOURCE, expected, 80, reporter);
    }

    @Test
    void whatIsWrittenByHandOfZstdIsWhatItsHeaderSays(TestReporter reporter) throws Exception {
        Tools.require(Files.exists(Path.of("/usr/include/zstd.h")), "needs libzstd's header");
        String[] zstd = {"#include <zstd.h>"};
        assertEquals(Set.of(), compare(zstd, ZstdNumbers.expressions(), 13, reporter));
    }

    @Test
    void whatAnOldHeaderDoesNotHaveIsAbsentAndNoError() throws Exception {
        CProgram program = new CProgram(LINUX);
        program.ask("AF_INET");
        program.ask("NO_KERNEL_HAS_THIS_CONSTANT");
        program.ask("sizeof(struct no_kernel_has_this)");
        program.ask("offsetof(struct sockaddr_ll, no_kernel_has_this)");
        program.ask("sizeof(struct sockaddr_ll)");
        CProgram.Answer answer = program.answers(folder);
        assertEquals(Map.of("AF_INET", 2L, "sizeof(struct sockaddr_ll)", 20L), answer.values());
        assertEquals(3, answer.absent().size(), answer.absent()::toString);
    }

    private Set<String> compare(
            String[] prologue, Map<String, Number> inJava, int atLeast, TestReporter reporter)
            throws IOException, InterruptedException {
        assertTrue(inJava.size() >= atLeast, "only " + inJava.size() + " found");
        CProgram program = new CProgram(prologue);
        inJava.keySet().forEach(program::ask);
        CProgram.Answer answer = program.answers(folder);

        Map<String, String> different = new TreeMap<>();
        answer.values()
                .forEach(
                        (expression, inC) -> {
                            Number java = inJava.get(expression);
                            // A C constant may be unsigned where Java has an int.
                            boolean same =
                                    java instanceof Integer
                                            ? java.intValue() == inC.intValue()
                                            : java.longValue() == inC;
                            if (!same) {
                                different.put(expression, "Java " + java + ", C " + inC);
                            }
                        });
        assertEquals(Map.of(), different);

        TreeSet<String> absent = answer.absent();
        absent.removeAll(MAY_BE_ABSENT);
        if (!absent.isEmpty()) {
            reporter.publishEntry("not in the headers of this machine", absent.toString());
        }
        if (headersAreAsNewAsThoseOfTheBindings()) {
            assertEquals(Set.of(), absent);
        }
        return absent;
    }

    private boolean headersAreAsNewAsThoseOfTheBindings() throws IOException, InterruptedException {
        Properties manifest = new Properties();
        Path file = Tools.module().resolve("src/jextract/manifest.properties");
        try (Reader reader = Files.newBufferedReader(file)) {
            manifest.load(reader);
        }
        CProgram program = new CProgram("#include <linux/version.h>");
        program.ask("LINUX_VERSION_CODE");
        Long here = program.answers(folder).values().get("LINUX_VERSION_CODE");
        return here != null && here >= Long.parseLong(manifest.getProperty("linux-version-code"));
    }
}
