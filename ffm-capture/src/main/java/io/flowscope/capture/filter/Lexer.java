package io.flowscope.capture.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a filter's text into tokens. In brackets a colon separates ({@code ip[6:2]}); elsewhere it
 * belongs to an address. A minus belongs to a word that begins with a letter, to a range of ports
 * and to an Ethernet address, and is an operator elsewhere.
 */
final class Lexer {
    /**
     * One token.
     *
     * @param position where it begins in the text
     * @param literal written with a backslash: a name, never a keyword
     */
    record Token(Kind kind, String text, int position, boolean literal) {
        boolean is(String symbolOrWord) {
            return !literal && kind != Kind.END && text.equals(symbolOrWord);
        }

        /** As it appears in a message. */
        @Override
        public String toString() {
            return kind == Kind.END ? "the end" : "'" + text + "'";
        }
    }

    enum Kind {
        WORD,
        NUMBER,
        SYMBOL,
        END
    }

    private static final String[] SYMBOLS = {
        "&&", "||", "!=", "==", "<=", ">=", "<<", ">>", "!", "=", "<", ">", "(", ")", "[", "]", ":",
        "+", "-", "*", "/", "%", "&", "|", "^"
    };

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int brackets;
    private boolean ranges;

    private Lexer(String text) {
        this.text = text;
    }

    static List<Token> tokens(String text) {
        return new Lexer(text).run();
    }

    private List<Token> run() {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                at++;
            } else if (c == '\\') {
                at = literal(at);
            } else if (isWordStart(c) || startsAddress(at)) {
                at = word(at);
            } else {
                at = symbol(at);
            }
        }
        tokens.add(new Token(Kind.END, "", text.length(), false));
        return tokens;
    }

    private int literal(int start) {
        int end = start + 1;
        while (end < text.length() && isWordPart(text.charAt(end))) {
            end++;
        }
        if (end == start + 1) {
            throw FilterSyntaxException.at(start, "expected a name after '\\'");
        }
        tokens.add(new Token(Kind.WORD, text.substring(start + 1, end), start, true));
        return end;
    }

    private int word(int start) {
        int end = brackets > 0 || isDigitRun(start) ? shortEnd(start) : longEnd(start);
        String word = text.substring(start, end);
        boolean number = isNumber(word);
        if (!number && Character.isDigit(word.charAt(0)) && brackets > 0) {
            throw FilterSyntaxException.at(start, "expected a number, found '" + word + "'");
        }
        switch (word) {
            case "portrange" -> ranges = true;
            case "port", "host", "net", "proto", "less", "greater", "len", "vlan" -> ranges = false;
            default -> {}
        }
        tokens.add(new Token(number ? Kind.NUMBER : Kind.WORD, word, start, false));
        return end;
    }

    /** A number followed by a minus, where no range of ports can stand and no address is meant. */
    private boolean isDigitRun(int start) {
        int end = shortEnd(start);
        return Character.isDigit(text.charAt(start))
                && !ranges
                && end < text.length()
                && text.charAt(end) == '-'
                && isNumber(text.substring(start, end))
                && !EthernetAddress.isValid(text.substring(start, longEnd(start)));
    }

    private int shortEnd(int start) {
        boolean digits = Character.isDigit(text.charAt(start));
        int end = start;
        while (end < text.length()
                && (Character.isLetterOrDigit(text.charAt(end))
                        || (!digits && (text.charAt(end) == '-' || text.charAt(end) == '_')))) {
            end++;
        }
        return end;
    }

    private int longEnd(int start) {
        int end = start;
        while (end < text.length() && isWordPart(text.charAt(end))) {
            end++;
        }
        while (end > start + 1 && text.charAt(end - 1) == '-') {
            end--;
        }
        return end;
    }

    private int symbol(int start) {
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, start)) {
                if (symbol.equals("[")) {
                    brackets++;
                } else if (symbol.equals("]")) {
                    brackets = Math.max(0, brackets - 1);
                }
                String name =
                        switch (symbol) {
                            case "&&" -> "and";
                            case "||" -> "or";
                            case "!" -> "not";
                            case "==" -> "=";
                            default -> symbol;
                        };
                tokens.add(new Token(Kind.SYMBOL, name, start, false));
                return start + symbol.length();
            }
        }
        throw FilterSyntaxException.at(
                start,
                "expected a word, a number or an operator, found '" + text.charAt(start) + "'");
    }

    /** An IPv6 address that begins with a colon. */
    private boolean startsAddress(int at) {
        return brackets == 0 && text.startsWith("::", at);
    }

    static boolean isNumber(String word) {
        return word.matches("0[xX][0-9a-fA-F]+|[0-9]+");
    }

    private static boolean isWordStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isWordPart(char c) {
        return isWordStart(c) || c == '.' || c == ':' || c == '-' || c == '_';
    }
}
