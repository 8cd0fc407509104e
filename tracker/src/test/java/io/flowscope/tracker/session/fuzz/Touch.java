package io.flowscope.tracker.session.fuzz;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;

/** Calls every public method without parameters of a message, and of what it gives. */
final class Touch {
    private static final int MAX_DEPTH = 6;

    /** Keeps the calls from being optimised away. */
    private static int seen;

    private Touch() {}

    static int seen() {
        return seen;
    }

    static void all(Object message) {
        touch(message, 0);
    }

    private static void touch(Object value, int depth) {
        if (value == null || depth > MAX_DEPTH) {
            return;
        }
        if (value instanceof Collection<?> list) {
            list.stream().limit(20).forEach(v -> touch(v, depth + 1));
            return;
        }
        Class<?> type = value.getClass();
        if (type.isEnum() || !type.getName().startsWith("io.flowscope")) {
            return;
        }
        seen += value.toString().length() + value.hashCode();
        for (Method method : type.getDeclaredMethods()) {
            int modifiers = method.getModifiers();
            if (!Modifier.isPublic(modifiers)
                    || Modifier.isStatic(modifiers)
                    || method.getParameterCount() != 0) {
                continue;
            }
            try {
                touch(method.invoke(value), depth + 1);
            } catch (InvocationTargetException e) {
                throw new AssertionError(method + " threw", e.getCause());
            } catch (IllegalAccessException e) {
                throw new AssertionError(method + " is not accessible", e);
            }
        }
    }
}
