package io.flowscope.tracker.session.dns;

import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.buffer.AddressText;

import java.util.List;

/** Record data as zone files write it. */
final class DataText {
    private DataText() {}

    static String quoted(List<ByteText> strings) {
        StringBuilder text = new StringBuilder();
        for (ByteText string : strings) {
            if (!text.isEmpty()) {
                text.append(' ');
            }
            appendQuoted(text, string);
        }
        return text.toString();
    }

    static String quoted(ByteText string) {
        StringBuilder text = new StringBuilder();
        appendQuoted(text, string);
        return text.toString();
    }

    private static void appendQuoted(StringBuilder text, ByteText string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            appendEscaped(text, string.at(i));
        }
        text.append('"');
    }

    private static void appendEscaped(StringBuilder text, int c) {
        if (c == '"' || c == '\\') {
            text.append('\\').append((char) c);
        } else if (c >= ' ' && c < 0x7f) {
            text.append((char) c);
        } else {
            text.append('\\').append((char) ('0' + c / 100));
            text.append((char) ('0' + c / 10 % 10)).append((char) ('0' + c % 10));
        }
    }

    /** Values that do not have their key's form are written as hexadecimal. */
    static String parameter(int key, ByteText value) {
        String name = DnsNames.serviceKey(key);
        if (value.isEmpty()) {
            return name;
        }
        String text =
                switch (key) {
                    case 0 -> keys(value);
                    case 1 -> protocols(value);
                    case 3 -> value.length() == 2 ? String.valueOf(value.u16(0)) : "";
                    case 4 -> addresses(value, 4);
                    case 6 -> addresses(value, 16);
                    case 7 -> quoted(value);
                    default -> "";
                };
        return name + "=" + (text.isEmpty() ? "0x" + value.toHex() : text);
    }

    private static String keys(ByteText value) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i + 1 < value.length(); i += 2) {
            text.append(i == 0 ? "" : ",").append(DnsNames.serviceKey(value.u16(i)));
        }
        return value.length() % 2 == 0 ? text.toString() : "";
    }

    private static String protocols(ByteText value) {
        StringBuilder text = new StringBuilder("\"");
        int i = 0;
        while (i < value.length()) {
            int length = value.at(i);
            if (length == 0 || length > value.length() - i - 1) {
                return "";
            }
            if (i > 0) {
                text.append(',');
            }
            for (int k = i + 1; k <= i + length; k++) {
                appendEscaped(text, value.at(k));
            }
            i += 1 + length;
        }
        return text.append('"').toString();
    }

    private static String addresses(ByteText value, int width) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i + width <= value.length(); i += width) {
            text.append(i == 0 ? "" : ",").append(AddressText.of(value.slice(i, width)));
        }
        return value.length() % width == 0 ? text.toString() : "";
    }
}
