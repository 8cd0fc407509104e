package io.flowscope.tracker.packet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the JSON of expectation files: maps, lists, strings, longs or doubles, booleans, null. */
public final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** The value that a text holds. */
    public static Object parse(String text) {
        return new Json(text).value();
    }

    private Object value() {
        char first = skip();
        return switch (first) {
            case '{' -> object();
            case '[' -> list();
            case '"' -> string();
            default -> word();
        };
    }

    private char skip() {
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return text.charAt(at);
    }

    private Map<String, Object> object() {
        Map<String, Object> map = new LinkedHashMap<>();
        at++;
        while (skip() != '}') {
            if (text.charAt(at) == ',') {
                at++;
                skip();
            }
            String name = string();
            skip();
            at++;
            map.put(name, value());
        }
        at++;
        return map;
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        at++;
        while (skip() != ']') {
            if (text.charAt(at) == ',') {
                at++;
            }
            list.add(value());
        }
        at++;
        return list;
    }

    private String string() {
        StringBuilder result = new StringBuilder();
        while (text.charAt(++at) != '"') {
            char one = text.charAt(at);
            if (one == '\\') {
                one = text.charAt(++at);
                if (one == 'u') {
                    one = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
                    at += 4;
                } else if (one == 'n') {
                    one = '\n';
                }
            }
            result.append(one);
        }
        at++;
        return result.toString();
    }

    private Object word() {
        int begin = at;
        while (at < text.length() && ",]}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(begin, at).trim();
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> "";
            default -> word.matches("-?\\d+") ? (Object) Long.valueOf(word) : Double.valueOf(word);
        };
    }
}
