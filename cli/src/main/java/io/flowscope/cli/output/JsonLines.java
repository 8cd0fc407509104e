package io.flowscope.cli.output;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Writes one JSON object per line. Field names are given as bytes made once by {@link #name}, so a
 * line costs no string. Fields appear in the order in which they are written.
 */
public final class JsonLines {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final ByteSink out;
    private boolean first = true;

    /** Writes to the sink. */
    public JsonLines(ByteSink out) {
        this.out = out;
    }

    /** A field's name as it is written, quotes and colon included. */
    public static byte[] name(String name) {
        return ('"' + name + "\":").getBytes(StandardCharsets.UTF_8);
    }

    /** Opens an object: a line's own, or one in an array. */
    public JsonLines begin() {
        separate();
        out.put('{');
        first = true;
        return this;
    }

    /** Opens an object as a field's value. */
    public JsonLines begin(byte[] name) {
        field(name).put('{');
        first = true;
        return this;
    }

    /** Closes an object within a line. */
    public JsonLines end() {
        out.put('}');
        first = false;
        return this;
    }

    /** Closes the line's object and the line. */
    public void endLine() {
        out.put('}').put('\n');
        first = true;
    }

    /** Opens an array as a field's value. */
    public JsonLines beginArray(byte[] name) {
        field(name).put('[');
        first = true;
        return this;
    }

    /** Closes an array. */
    public JsonLines endArray() {
        out.put(']');
        first = false;
        return this;
    }

    /** The name of a field whose value the caller writes to the sink. */
    public ByteSink field(byte[] name) {
        separate();
        return out.put(name);
    }

    /** A field with text. */
    public JsonLines text(byte[] name, String value) {
        quote(field(name), value);
        return this;
    }

    /** A field with text, absent without a value. */
    public JsonLines textIfPresent(byte[] name, @Nullable String value) {
        return value == null ? this : text(name, value);
    }

    /** A field with a number. */
    public JsonLines number(byte[] name, long value) {
        field(name).put(value);
        return this;
    }

    /** A field with true or false. */
    public JsonLines flag(byte[] name, boolean value) {
        field(name).put(value ? "true" : "false");
        return this;
    }

    /** A text in an array. */
    public JsonLines element(String value) {
        separate();
        quote(out, value);
        return this;
    }

    /** A number in an array. */
    public JsonLines element(long value) {
        separate();
        out.put(value);
        return this;
    }

    /** A field with text that is known to need no escapes. */
    public JsonLines plain(byte[] name, String value) {
        field(name).put('"').put(value).put('"');
        return this;
    }

    private void separate() {
        if (!first) {
            out.put(',');
        }
        first = false;
    }

    private static void quote(ByteSink out, String value) {
        out.put('"');
        int length = value.length();
        int done = 0;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\' && !isLoneSurrogate(value, i)) {
                continue;
            }
            if (done < i) {
                out.put(value.substring(done, i));
            }
            escape(out, c);
            done = i + 1;
        }
        out.put(done == 0 ? value : value.substring(done)).put('"');
    }

    private static boolean isLoneSurrogate(String value, int at) {
        char c = value.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1));
        }
        return Character.isLowSurrogate(c)
                && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1)));
    }

    private static void escape(ByteSink out, char c) {
        switch (c) {
            case '"', '\\' -> out.put('\\').put(c);
            case '\n' -> out.put("\\n");
            case '\r' -> out.put("\\r");
            case '\t' -> out.put("\\t");
            default ->
                    out.put("\\u")
                            .put(HEX[c >> 12])
                            .put(HEX[c >> 8 & 15])
                            .put(HEX[c >> 4 & 15])
                            .put(HEX[c & 15]);
        }
    }
}
