package io.flowscope.bench.report;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what {@link Json} wrote, and makes records of it again. */
final class JsonReader {
    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    /** A map, list, text, Long, Double or Boolean; {@code null} is a double that is no number. */
    static Object read(String json) {
        JsonReader reader = new JsonReader(json);
        Object value = reader.value();
        if (reader.peek() != 0) {
            throw reader.wrong("something behind the end");
        }
        return value;
    }

    private Object value() {
        return switch (peek()) {
            case '{' -> map();
            case '[' -> list();
            case '"' -> text();
            default -> word();
        };
    }

    private Map<String, Object> map() {
        Map<String, Object> map = new LinkedHashMap<>();
        take('{');
        while (peek() != '}') {
            String name = text();
            take(':');
            map.put(name, value());
            if (peek() != '}') {
                take(',');
            }
        }
        take('}');
        return map;
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        take('[');
        while (peek() != ']') {
            list.add(value());
            if (peek() != ']') {
                take(',');
            }
        }
        take(']');
        return list;
    }

    private String text() {
        take('"');
        StringBuilder read = new StringBuilder();
        for (; at < text.length() && text.charAt(at) != '"'; at++) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                c = text.charAt(++at);
                if (c == 'u' && at + 4 < text.length()) {
                    c = (char) Integer.parseInt(text, at + 1, at + 5, 16);
                    at += 4;
                }
            }
            read.append(c);
        }
        take('"');
        return read.toString();
    }

    private Object word() {
        int from = at;
        while (at < text.length() && ",]}\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(from, at).strip();
        return switch (word) {
            case "null" -> Double.NaN;
            case "true" -> true;
            case "false" -> false;
            default -> word.indexOf('.') < 0 ? (Object) Long.valueOf(word) : Double.valueOf(word);
        };
    }

    /** The next character that is no space; 0 at the end. */
    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void take(char wanted) {
        if (peek() != wanted) {
            throw wrong("no " + wanted);
        }
        at++;
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what + " at " + at);
    }

    /** A record of what was read, its components by their names. */
    static <T> T record(Class<T> type, @Nullable Object read) {
        if (!(read instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("no " + type.getSimpleName() + ": " + read);
        }
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            Object value = map.get(components[i].getName());
            if (value == null) {
                throw new IllegalArgumentException("no " + components[i] + " in " + map);
            }
            values[i] = as(components[i].getGenericType(), value);
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record of this program cannot be made", e);
        }
    }

    private static Object as(Type type, Object value) {
        if (type instanceof ParameterizedType generic) {
            Type[] of = generic.getActualTypeArguments();
            if (value instanceof List<?> list) {
                return list.stream().map(v -> as(of[0], v)).toList();
            }
            Map<Object, Object> map = new LinkedHashMap<>();
            ((Map<?, ?>) value).forEach((name, v) -> map.put(name, as(of[1], v)));
            return map;
        }
        if (type == int.class) {
            return ((Number) value).intValue();
        }
        if (type == double.class || type == Double.class) {
            return ((Number) value).doubleValue();
        }
        return type instanceof Class<?> c && c.isRecord() ? record(c, value) : value;
    }
}
