package io.flowscope.bindings;

import java.io.IOException;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.StructLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What jextract wrote, as C expressions and the values that Java has for them. */
final class GeneratedClasses {
    private GeneratedClasses() {}

    /** Every constant of a header class, by its C name. */
    static Map<String, Number> constants(Class<?> header) throws ReflectiveOperationException {
        Set<String> names =
                Arrays.stream(header.getMethods()).map(Method::getName).collect(Collectors.toSet());
        Map<String, Number> found = new TreeMap<>();
        for (Method method : header.getMethods()) {
            boolean isNumber =
                    method.getReturnType() == int.class || method.getReturnType() == long.class;
            boolean isFunction = names.contains(method.getName() + "$descriptor");
            if (Modifier.isStatic(method.getModifiers())
                    && method.getParameterCount() == 0
                    && isNumber
                    && !isFunction
                    && !method.getName().contains("$")) {
                found.put(method.getName(), (Number) method.invoke(null));
            }
        }
        return found;
    }

    /** The size of every structure and union beside a header class, and each member's offset. */
    static Map<String, Number> layouts(Class<?> header)
            throws ReflectiveOperationException, IOException {
        Map<String, Number> found = new TreeMap<>();
        for (String name : namesBeside(header)) {
            Class<?> type = Class.forName(header.getPackageName() + "." + name);
            GroupLayout layout = layoutOf(type);
            if (layout != null) {
                String tag = (layout instanceof StructLayout ? "struct " : "union ") + name;
                found.put("sizeof(" + tag + ")", layout.byteSize());
                members(tag, "", 0, layout, found);
            }
        }
        return found;
    }

    private static void members(
            String tag, String prefix, long base, GroupLayout group, Map<String, Number> found) {
        long offset = base;
        for (MemoryLayout member : group.memberLayouts()) {
            String name = member.name().orElse("");
            if (!(member instanceof PaddingLayout) && !name.isEmpty()) {
                boolean anonymous = name.startsWith("$anon");
                if (!anonymous) {
                    String path = prefix + name;
                    found.put("offsetof(%s, %s)".formatted(tag, path), offset);
                    boolean open = member.byteSize() == 0;
                    if (!open) {
                        found.put("sizeof(((%s *) 0)->%s)".formatted(tag, path), member.byteSize());
                    }
                }
                if (member instanceof GroupLayout nested) {
                    members(tag, anonymous ? prefix : prefix + name + ".", offset, nested, found);
                }
            }
            if (group instanceof StructLayout) {
                offset += member.byteSize();
            }
        }
    }

    private static GroupLayout layoutOf(Class<?> type) throws ReflectiveOperationException {
        try {
            return (GroupLayout) type.getMethod("layout").invoke(null);
        } catch (NoSuchMethodException notALayout) {
            return null;
        }
    }

    private static Set<String> namesBeside(Class<?> header) throws IOException {
        Path folder =
                Tools.module()
                        .resolve("src/generated/java")
                        .resolve(header.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
    }
}
