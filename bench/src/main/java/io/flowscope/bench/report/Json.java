package io.flowscope.bench.report;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes records, lists, maps, numbers and text as JSON, one record or list element per line. */
final class Json {
    private Json() {}

    static String of(Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case Double number -> number(number);
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case Enum<?> constant -> quoted(constant.name());
            case Record record -> record(record);
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(e -> quoted(String.valueOf(e.getKey())) + ":" + of(e.getValue()))
                            .collect(Collectors.joining(",\n", "{", "}"));
            case List<?> list ->
                    list.stream().map(Json::of).collect(Collectors.joining(",\n", "[", "]"));
            default -> quoted(value.toString());
        };
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.6f", value) : "null";
    }

    private static String record(Record record) {
        StringBuilder text = new StringBuilder("{");
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(record);
                text.append(text.length() > 1 ? "," : "").append(quoted(component.getName()));
                text.append(":").append(of(value));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record of this package is not readable", e);
            }
        }
        return text.append("}").toString();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
