package io.flowscope.tracker.session.http;

import io.flowscope.tracker.session.ByteText;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Header fields in the order sent, as offsets into one copy of the head. */
public final class HttpHeaders {
    /** No headers. */
    public static final HttpHeaders NONE = new HttpHeaders(ByteText.EMPTY, new int[0]);

    private static final int SPAN = 4;

    private final ByteText head;

    /** Per header: where the name begins, its length, where the value begins, its length. */
    private final int[] spans;

    HttpHeaders(ByteText head, int[] spans) {
        this.head = head;
        this.spans = spans;
    }

    /** How many. */
    public int size() {
        return spans.length / SPAN;
    }

    /** A header's name as sent. */
    public ByteText name(int index) {
        return head.slice(spans[index * SPAN], spans[index * SPAN + 1]);
    }

    /** A header's value without white space around it. */
    public ByteText value(int index) {
        return head.slice(spans[index * SPAN + 2], spans[index * SPAN + 3]);
    }

    /** The first value under a name, in any case; null if there is none. */
    public @Nullable ByteText first(String name) {
        for (int i = 0; i < size(); i++) {
            if (name(i).equalsIgnoreCase(name)) {
                return value(i);
            }
        }
        return null;
    }

    /** All values under a name, in any case. */
    public List<ByteText> all(String name) {
        List<ByteText> values = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            if (name(i).equalsIgnoreCase(name)) {
                values.add(value(i));
            }
        }
        return List.copyOf(values);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HttpHeaders headers && headers.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** One line per header. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size(); i++) {
            text.append(name(i)).append(": ").append(value(i)).append('\n');
        }
        return text.toString();
    }
}
