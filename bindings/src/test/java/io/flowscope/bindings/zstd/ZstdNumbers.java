package io.flowscope.bindings.zstd;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Numbers that are written by hand, as C expressions with the values Java has. */
public final class ZstdNumbers {
    private ZstdNumbers() {}

    public static Map<String, Number> expressions() {
        Map<String, Number> all = new LinkedHashMap<>();
        all.put("ZSTD_c_compressionLevel", ZstdEncoder.ZSTD_C_COMPRESSION_LEVEL);
        all.put("ZSTD_c_checksumFlag", ZstdEncoder.ZSTD_C_CHECKSUM_FLAG);
        for (ZstdEncoder.Directive directive : ZstdEncoder.Directive.values()) {
            all.put("ZSTD_e_" + directive.name().toLowerCase(Locale.ROOT), directive.number);
        }
        Map.of("ZSTD_inBuffer", "src", "ZSTD_outBuffer", "dst")
                .forEach(
                        (type, pointer) -> {
                            String member = "offsetof(" + type + ", %s)";
                            all.put("sizeof(" + type + ")", ZstdBuffers.BYTES);
                            all.put(member.formatted(pointer), ZstdBuffers.POINTER_OFFSET);
                            all.put(member.formatted("size"), ZstdBuffers.SIZE_OFFSET);
                            all.put(member.formatted("pos"), ZstdBuffers.POSITION_OFFSET);
                        });
        return all;
    }
}
