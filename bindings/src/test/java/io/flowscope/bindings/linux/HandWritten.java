package io.flowscope.bindings.linux;

import java.util.LinkedHashMap;
import java.util.Map;

/** Numbers that the calls hold for themselves, as C expressions with the values Java has. */
public final class HandWritten {
    private static final String FUNCTIONS =
            """
            fallocate         FileCalls$Fallocate            int (*)(int, int, long, long)
            fcntl             DescriptorCalls$Fcntl          int (*)(int, int, ...)
            ioctl             DescriptorCalls$Ioctl          int (*)(int, unsigned long, ...)
            memfd_create      FileCalls$MemfdCreate          int (*)(const char *, unsigned)
            open              FileCalls$Open                 int (*)(const char *, int, ...)
            pipe2             DescriptorCalls$Pipe2          int (*)(int *, int)
            prctl             ProcessCalls$Prctl             int (*)(int, ...)
            recvmmsg          MessageCalls$Recvmmsg          int (*)(int, struct mmsghdr *, unsigned, int, struct timespec *)
            sched_getaffinity ProcessCalls$SchedGetaffinity  int (*)(int, unsigned long, cpu_set_t *)
            sched_setaffinity ProcessCalls$SchedSetaffinity  int (*)(int, unsigned long, const cpu_set_t *)
            sendmmsg          MessageCalls$Sendmmsg          int (*)(int, struct mmsghdr *, unsigned, int)
            syscall           BpfCalls$Bpf                   long (*)(long, ...)
            """;

    private HandWritten() {}

    public static Map<String, Number> expressions() {
        Map<String, Number> all = new LinkedHashMap<>();
        all.put("(long) MAP_FAILED", -1L);
        all.put("sizeof(cpu_set_t) * 8 <= 8192", 1);
        all.put("__NR_bpf", BpfCalls.number());
        all.put("sizeof(union bpf_attr) >= " + BpfCalls.ATTRIBUTE_BYTES, 1);
        Map.ofEntries(
                        Map.entry("map_type", BpfCalls.MAP_TYPE),
                        Map.entry("key_size", BpfCalls.KEY_SIZE),
                        Map.entry("value_size", BpfCalls.VALUE_SIZE),
                        Map.entry("max_entries", BpfCalls.MAX_ENTRIES),
                        Map.entry("map_flags", BpfCalls.MAP_FLAGS),
                        Map.entry("map_fd", BpfCalls.MAP_FD),
                        Map.entry("key", BpfCalls.KEY),
                        Map.entry("value", BpfCalls.VALUE),
                        Map.entry("flags", BpfCalls.FLAGS),
                        Map.entry("prog_type", BpfCalls.PROG_TYPE),
                        Map.entry("insn_cnt", BpfCalls.INSN_CNT),
                        Map.entry("insns", BpfCalls.INSNS),
                        Map.entry("license", BpfCalls.LICENSE),
                        Map.entry("log_level", BpfCalls.LOG_LEVEL),
                        Map.entry("log_size", BpfCalls.LOG_SIZE),
                        Map.entry("log_buf", BpfCalls.LOG_BUF),
                        Map.entry("prog_flags", BpfCalls.PROG_FLAGS),
                        Map.entry("prog_name", BpfCalls.PROG_NAME),
                        Map.entry("expected_attach_type", BpfCalls.EXPECTED_ATTACH_TYPE),
                        Map.entry("link_create.prog_fd", BpfCalls.LINK_CREATE_PROG_FD),
                        Map.entry(
                                "link_create.target_ifindex", BpfCalls.LINK_CREATE_TARGET_IFINDEX),
                        Map.entry("link_create.attach_type", BpfCalls.LINK_CREATE_ATTACH_TYPE),
                        Map.entry("link_create.flags", BpfCalls.LINK_CREATE_FLAGS))
                .forEach((name, at) -> all.put("offsetof(union bpf_attr, " + name + ")", at));
        functions().forEach((name, function) -> all.put(function.question(name), 1));
        return all;
    }

    /**
     * A function whose descriptor is written by hand.
     *
     * @param holder the class that has the handle on it, which takes errno's place first
     * @param prototype what the C compiler is to find it has
     */
    record Function(String holder, String prototype) {
        String question(String name) {
            return "__builtin_types_compatible_p(typeof(&%s), %s)".formatted(name, prototype);
        }
    }

    /** All but {@code capget} and {@code capset}, which have no prototype anywhere. */
    static Map<String, Function> functions() {
        Map<String, Function> all = new LinkedHashMap<>();
        FUNCTIONS
                .lines()
                .map(line -> line.split(" +", 3))
                .forEach(part -> all.put(part[0], new Function(part[1], part[2])));
        return all;
    }
}
