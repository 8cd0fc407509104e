package io.flowscope.capture.filter;

import io.flowscope.capture.filter.Lexer.Kind;
import io.flowscope.capture.filter.Lexer.Token;

import java.util.List;

/** The tokens of one filter and how far they have been read. */
final class Tokens {
    private final List<Token> tokens;
    private int next;

    Tokens(String text) {
        tokens = Lexer.tokens(text);
    }

    Token peek() {
        return peek(0);
    }

    /** The token this many places on; the end lasts forever. */
    Token peek(int ahead) {
        return tokens.get(Math.min(next + ahead, tokens.size() - 1));
    }

    Token take() {
        Token token = peek();
        if (token.kind() != Kind.END) {
            next++;
        }
        return token;
    }

    boolean takeIf(String text) {
        if (!peek().is(text)) {
            return false;
        }
        take();
        return true;
    }

    void expect(String text) {
        if (!takeIf(text)) {
            throw expected("'" + text + "'");
        }
    }

    /** An unsigned 32-bit number. */
    int number(String what) {
        Token token = peek();
        if (token.kind() != Kind.NUMBER) {
            throw expected(what);
        }
        take();
        return number(token);
    }

    /** Decimal, hexadecimal after 0x, octal after 0. */
    static int number(Token token) {
        String text = token.text();
        try {
            long value = Long.decode(text);
            if (value <= 0xffffffffL) {
                return (int) value;
            }
        } catch (NumberFormatException tooLongOrNotOctal) {
            throw FilterSyntaxException.at(token.position(), "'" + text + "' is no number");
        }
        throw FilterSyntaxException.at(token.position(), text + " does not fit into 32 bits");
    }

    /** For the next token being something else than was expected. */
    FilterSyntaxException expected(String what) {
        return FilterSyntaxException.at(
                peek().position(), "expected " + what + ", found " + peek());
    }

    /**
     * How far ahead the parenthesis closes which opens this many places on; -1 if it never does.
     */
    int closing(int ahead) {
        int depth = 0;
        for (int i = ahead; peek(i).kind() != Kind.END; i++) {
            if (peek(i).is("(")) {
                depth++;
            } else if (peek(i).is(")") && --depth == 0) {
                return i;
            }
        }
        return -1;
    }
}
