package io.flowscope.cli.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Capture writes packet descriptors, the tracker reads them; neither module knows the other. */
class DescriptorContractTest {
    @Test
    void bothModulesDescribeTheSameRecord() {
        Map<String, Integer> written = constants(io.flowscope.capture.PacketDescriptor.class);
        Map<String, Integer> read = constants(io.flowscope.tracker.PacketDescriptor.class);
        assertFalse(written.isEmpty());
        assertEquals(written, read);
    }

    private static Map<String, Integer> constants(Class<?> type) {
        Map<String, Integer> values = new TreeMap<>();
        Arrays.stream(type.getFields()).forEach(f -> values.put(f.getName(), valueOf(f)));
        return values;
    }

    private static int valueOf(Field constant) {
        try {
            return constant.getInt(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
