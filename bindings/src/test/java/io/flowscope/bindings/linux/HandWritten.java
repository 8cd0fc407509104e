package io.flowscope.bindings.linux;

import java.util.LinkedHashMap;
import java.util.Map;

/** Numbers that the calls hold for themselves, as C expressions with the values Java has. */
public final class HandWritten {
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
        prototypes(all);
        all.put("ZSTD_c_compressionLevel", 100);
        all.put("ZSTD_c_checksumFlag", 201);
        all.put("ZSTD_e_continue", 0);
        all.put("ZSTD_e_flush", 1);
        all.put("ZSTD_e_end", 2);
        return all;
    }

    /**
     * Functions whose descriptors are written by hand; {@code capget} has no prototype anywhere.
     */
    private static void prototypes(Map<String, Number> all) {
        Map.of(
                        "sendmmsg", "int (*)(int, struct mmsghdr *, unsigned, int)",
                        "recvmmsg",
                                "int (*)(int, struct mmsghdr *, unsigned, int, struct timespec *)",
                        "sched_setaffinity", "int (*)(int, unsigned long, const cpu_set_t *)",
                        "sched_getaffinity", "int (*)(int, unsigned long, cpu_set_t *)",
                        "pipe2", "int (*)(int *, int)",
                        "fallocate", "int (*)(int, int, long, long)",
                        "memfd_create", "int (*)(const char *, unsigned)",
                        "prctl", "int (*)(int, ...)",
                        "syscall", "long (*)(long, ...)")
                .forEach(
                        (name, type) ->
                                all.put(
                                        "__builtin_types_compatible_p(typeof(&%s), %s)"
                                                .formatted(name, type),
                                        1));
    }
}
