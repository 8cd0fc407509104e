package io.flowscope.capture.filter;

import io.flowscope.capture.filter.Lexer.Kind;
import io.flowscope.capture.filter.Lexer.Token;

import java.util.Objects;
import java.util.Set;

/** Comparisons of numbers: {@code ip[0] & 0xf != 5}, {@code len > 100}. */
final class ArithmeticParser {
    private static final Set<String> RELATIONS = Set.of("=", "!=", "<", ">", "<=", ">=");

    private static final int RANK_OF_SIGN = 6;

    private static final int MAX_DEPTH = 100;

    private final Tokens tokens;
    private final LinkLayer link;
    private final Primitives primitives;

    /** What a packet must be for the bytes that were named to be there. */
    private Condition implied = Condition.ALWAYS;

    private int depth;

    ArithmeticParser(Tokens tokens, LinkLayer link, Primitives primitives) {
        this.tokens = tokens;
        this.link = link;
        this.primitives = primitives;
    }

    /** Whether the token continues a number rather than following a name or an address. */
    static boolean isOperator(Token token) {
        return token.kind() == Kind.SYMBOL
                && (operation(token) >= 0 || RELATIONS.contains(token.text()));
    }

    /** Whether a comparison begins here. */
    boolean beginsHere() {
        Token token = tokens.peek();
        if (token.is("(")) {
            int closing = tokens.closing(0);
            return closing > 0 && isOperator(tokens.peek(closing + 1));
        }
        return token.kind() == Kind.NUMBER
                || token.is("-")
                || token.is("len")
                || (token.kind() == Kind.WORD
                        && (tokens.peek(1).is("[") || Names.constant(token.text()) != null));
    }

    Condition comparison() {
        implied = Condition.ALWAYS;
        Value left = value(0);
        Token relation = tokens.peek();
        if (!RELATIONS.contains(relation.text())) {
            throw tokens.expected("a comparison (=, !=, <, >, <=, >=)");
        }
        tokens.take();
        Value right = value(0);
        Condition compared =
                switch (relation.text()) {
                    case "=" -> compare(left, Bpf.JEQ, right);
                    case "!=" -> Condition.not(compare(left, Bpf.JEQ, right));
                    case ">" -> compare(left, Bpf.JGT, right);
                    case "<=" -> Condition.not(compare(left, Bpf.JGT, right));
                    case ">=" -> compare(left, Bpf.JGE, right);
                    default -> Condition.not(compare(left, Bpf.JGE, right));
                };
        return Condition.and(implied, compared);
    }

    private static Condition compare(Value left, int jump, Value right) {
        if (left instanceof Value.Fixed(int a) && right instanceof Value.Fixed(int b)) {
            int order = Integer.compareUnsigned(a, b);
            return new Condition.Constant(
                    jump == Bpf.JEQ ? order == 0 : jump == Bpf.JGT ? order > 0 : order >= 0);
        }
        return new Condition.Compare(left, jump, right);
    }

    /**
     * A value up to an operator that binds no more strongly than the one before it. Modulo and
     * exclusive or have no rank in libpcap's grammar: beside them, the operator on the right goes
     * first. What is written in brackets is safe from that.
     */
    private Value value(int rankBefore) {
        Value left = factor();
        for (; ; ) {
            Token operator = tokens.peek();
            int operation = operation(operator);
            if (operation < 0) {
                return left;
            }
            int rank = rank(operation);
            if (rankBefore > 0 && rank > 0 && rankBefore >= rank) {
                return left;
            }
            tokens.take();
            Value right = value(rank);
            check(operation, right, operator);
            left = Value.binary(operation, left, right);
        }
    }

    private static int rank(int operation) {
        return switch (operation) {
            case Bpf.OR -> 1;
            case Bpf.AND -> 2;
            case Bpf.LSH, Bpf.RSH -> 3;
            case Bpf.ADD, Bpf.SUB -> 4;
            case Bpf.MUL, Bpf.DIV -> 5;
            default -> 0;
        };
    }

    private static int operation(Token token) {
        if (token.kind() != Kind.SYMBOL) {
            return -1;
        }
        return switch (token.text()) {
            case "|" -> Bpf.OR;
            case "^" -> Bpf.XOR;
            case "&" -> Bpf.AND;
            case "<<" -> Bpf.LSH;
            case ">>" -> Bpf.RSH;
            case "+" -> Bpf.ADD;
            case "-" -> Bpf.SUB;
            case "*" -> Bpf.MUL;
            case "/" -> Bpf.DIV;
            case "%" -> Bpf.MOD;
            default -> -1;
        };
    }

    /** Refuses constants with which the kernel refuses a program. */
    private static void check(int operation, Value right, Token operator) {
        if (!(right instanceof Value.Fixed(int value))) {
            return;
        }
        if ((operation == Bpf.DIV || operation == Bpf.MOD) && value == 0) {
            throw FilterSyntaxException.at(operator.position(), "division by zero");
        }
        if ((operation == Bpf.LSH || operation == Bpf.RSH) && (value & ~31) != 0) {
            throw FilterSyntaxException.at(
                    operator.position(), "shift by more than 31 bits of a 32-bit number");
        }
    }

    private Value factor() {
        if (++depth > MAX_DEPTH) {
            throw FilterSyntaxException.at(
                    tokens.peek().position(), "nested more than " + MAX_DEPTH + " deep");
        }
        try {
            Token token = tokens.take();
            if (token.is("-")) {
                return Value.negated(value(RANK_OF_SIGN));
            }
            if (token.is("(")) {
                Value inner = value(0);
                tokens.expect(")");
                return inner;
            }
            if (token.kind() == Kind.NUMBER) {
                return new Value.Fixed(Tokens.number(token));
            }
            if (token.is("len")) {
                return new Value.Length();
            }
            Integer constant = token.literal() ? null : Names.constant(token.text());
            if (constant != null) {
                return new Value.Fixed(constant);
            }
            if (token.kind() == Kind.WORD && tokens.peek().is("[")) {
                return bytes(token);
            }
            throw FilterSyntaxException.at(
                    token.position(),
                    "expected a number, 'len' or bytes such as ip[0], found " + token);
        } finally {
            depth--;
        }
    }

    private Value bytes(Token protocol) {
        tokens.expect("[");
        Value index = value(0);
        int size = 1;
        if (tokens.takeIf(":")) {
            Token token = tokens.peek();
            size = tokens.number("a size of 1, 2 or 4 bytes");
            if (size != 1 && size != 2 && size != 4) {
                throw FilterSyntaxException.at(
                        token.position(), "expected a size of 1, 2 or 4 bytes, found " + token);
            }
        }
        tokens.expect("]");
        int base = link.payload();
        return switch (protocol.text()) {
            case "ether", "link" -> new Value.Packet(size, 0, index, -1);
            case "ip", "ip6", "arp", "rarp" -> {
                imply(link.carries(Names.etherType(protocol.text())));
                yield new Value.Packet(size, base, index, -1);
            }
            case "tcp", "udp", "sctp", "icmp", "igmp", "igrp", "pim", "vrrp", "carp" -> {
                imply(primitives.ip());
                imply(Objects.requireNonNull(primitives.named(protocol.text())));
                imply(primitives.firstFragment());
                yield new Value.Packet(size, base, index, base);
            }
            case "icmp6" -> {
                imply(primitives.ip6());
                imply(Condition.equal(primitives.byteAt(6), Names.ipProtocol("icmp6")));
                yield new Value.Packet(size, base + 40, index, -1);
            }
            default ->
                    throw FilterSyntaxException.unsupported(
                            protocol.position(),
                            "expected the name of a protocol before '[', found " + protocol);
        };
    }

    private void imply(Condition condition) {
        implied = Condition.and(implied, condition);
    }
}
