package io.flowscope.bindings.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Handles whose descriptors are written by hand take what the prototypes say; that these are the C
 * compiler's is asked with the layouts.
 */
class HandWrittenTest {
    @Test
    void everyHandleHasTheShapeOfItsPrototype() throws Exception {
        TreeMap<String, MethodType> inC = new TreeMap<>();
        TreeMap<String, MethodType> inJava = new TreeMap<>();
        for (var named : HandWritten.functions().entrySet()) {
            String prototype = named.getValue().prototype();
            List<Class<?>> parameters = parameters(prototype);
            inC.put(named.getKey(), MethodType.methodType(carrier(prototype), parameters));
            MethodType handle = typeOf(named.getValue().holder());
            // Errno's place comes first; what goes into the dots is up to whoever calls.
            int last = prototype.contains("...") ? 1 + parameters.size() : handle.parameterCount();
            List<Class<?>> taken = handle.parameterList().subList(1, last);
            inJava.put(named.getKey(), MethodType.methodType(handle.returnType(), taken));
        }
        assertEquals(inC, inJava);
        assertEquals(12, inC.size());
    }

    private static MethodType typeOf(String holder) throws ReflectiveOperationException {
        Class<?> type = Class.forName(HandWritten.class.getPackageName() + "." + holder);
        Field handle = type.getDeclaredField("HANDLE");
        handle.setAccessible(true);
        return ((MethodHandle) handle.get(null)).type();
    }

    private static List<Class<?>> parameters(String prototype) {
        String list = prototype.substring(prototype.indexOf("(*)(") + 4, prototype.length() - 1);
        return Arrays.stream(list.split(", "))
                .filter(type -> !type.equals("..."))
                .<Class<?>>map(type -> type.endsWith("*") ? MemorySegment.class : carrier(type))
                .toList();
    }

    /** How Java sees the number that a type begins with. */
    private static Class<?> carrier(String type) {
        return type.startsWith("long") || type.startsWith("unsigned long") ? long.class : int.class;
    }
}
