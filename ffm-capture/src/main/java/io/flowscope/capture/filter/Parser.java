package io.flowscope.capture.filter;

import io.flowscope.capture.filter.Lexer.Kind;
import io.flowscope.capture.filter.Lexer.Token;
import io.flowscope.capture.filter.Primitives.Direction;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Reads a filter. As in the language since its beginning, {@code and} and {@code or} bind equally
 * strongly and from left to right, {@code not} binds more strongly, and a name or a number that
 * follows {@code and}, {@code or} or {@code not} has the qualifiers of the one before it: {@code
 * tcp port 80 or 443}.
 */
final class Parser {
    private static final Set<String> PROTOCOLS =
            Set.of(
                    "ether", "link", "ip", "ip6", "arp", "rarp", "tcp", "udp", "sctp", "icmp",
                    "icmp6", "igmp", "igrp", "esp", "ah", "pim", "vrrp", "carp", "lldp");
    private static final Set<String> TYPES = Set.of("host", "net", "port", "portrange", "proto");
    private static final Set<String> OTHERS =
            Set.of(
                    "src",
                    "dst",
                    "and",
                    "or",
                    "not",
                    "less",
                    "greater",
                    "inbound",
                    "outbound",
                    "vlan",
                    "broadcast",
                    "multicast",
                    "len",
                    "mask");

    /** Parts of the language that only libpcap's compiler knows. */
    private static final Set<String> BEYOND =
            Set.of(
                    "gateway",
                    "protochain",
                    "mpls",
                    "pppoed",
                    "pppoes",
                    "geneve",
                    "vxlan",
                    "ifindex",
                    "fddi",
                    "tr",
                    "wlan",
                    "type",
                    "subtype",
                    "dir",
                    "addr1",
                    "addr2",
                    "addr3",
                    "addr4",
                    "decnet",
                    "atalk",
                    "aarp",
                    "iso",
                    "stp",
                    "ipx",
                    "netbeui",
                    "lat",
                    "moprc",
                    "mopdl",
                    "clnp",
                    "esis",
                    "isis",
                    "llc",
                    "byte",
                    "on",
                    "rnr",
                    "rulenum",
                    "reason",
                    "rset",
                    "ruleset",
                    "srnr",
                    "subrulenum",
                    "ifname",
                    "action",
                    "radio");

    private static final int MAX_DEPTH = 200;

    private final Tokens tokens;
    private final LinkLayer link;
    private final Primitives primitives;
    private final ArithmeticParser arithmetic;
    private final OperandParser operands;
    private @Nullable Qualifiers last;
    private int depth;

    private Parser(String text, LinkLayer link) {
        this.tokens = new Tokens(text);
        this.link = link;
        this.primitives = new Primitives(link);
        this.arithmetic = new ArithmeticParser(tokens, link, primitives);
        this.operands = new OperandParser(tokens, link, primitives);
    }

    static Condition parse(String text, LinkLayer link) {
        Parser parser = new Parser(text, link);
        if (parser.tokens.peek().kind() == Kind.END) {
            return Condition.ALWAYS;
        }
        Condition condition = parser.expression();
        if (parser.tokens.peek().kind() != Kind.END) {
            throw parser.tokens.expected("'and', 'or' or the end");
        }
        return condition;
    }

    private Condition expression() {
        Condition left = term();
        for (; ; ) {
            if (tokens.takeIf("and")) {
                left = Condition.and(left, next());
            } else if (tokens.takeIf("or")) {
                left = Condition.or(left, next());
            } else {
                return left;
            }
        }
    }

    private Condition next() {
        return last != null && continuesHere() ? operand(last) : term();
    }

    /** Whether a name or a number stands here, behind any {@code not} and parenthesis. */
    private boolean continuesHere() {
        if (arithmetic.beginsHere() && tokens.peek().kind() != Kind.NUMBER) {
            return false;
        }
        int ahead = 0;
        while (tokens.peek(ahead).is("not") || tokens.peek(ahead).is("(")) {
            ahead++;
        }
        return isOperand(ahead);
    }

    private boolean isOperand(int ahead) {
        Token token = tokens.peek(ahead);
        Token after = tokens.peek(ahead + 1);
        boolean prefix = last != null && last.isNet() && after.is("/");
        return switch (token.kind()) {
            case NUMBER -> prefix || !ArithmeticParser.isOperator(after);
            case WORD -> token.literal() || (!isKeyword(token.text()) && !after.is("["));
            default -> false;
        };
    }

    private static boolean isKeyword(String word) {
        return PROTOCOLS.contains(word)
                || TYPES.contains(word)
                || OTHERS.contains(word)
                || BEYOND.contains(word)
                || Names.constant(word) != null;
    }

    private Condition term() {
        if (++depth > MAX_DEPTH) {
            throw FilterSyntaxException.at(
                    tokens.peek().position(), "nested more than " + MAX_DEPTH + " deep");
        }
        try {
            if (tokens.takeIf("not")) {
                return Condition.not(next());
            }
            if (arithmetic.beginsHere()) {
                return arithmetic.comparison();
            }
            if (tokens.takeIf("(")) {
                Condition inner = expression();
                tokens.expect(")");
                return inner;
            }
            return primitive();
        } finally {
            depth--;
        }
    }

    private Condition primitive() {
        Token first = tokens.peek();
        return switch (first.literal() ? "" : first.text()) {
            case "less", "greater" -> length(tokens.take());
            case "inbound" -> Condition.not(link.outgoing(tokens.take().position()));
            case "outbound" -> link.outgoing(tokens.take().position());
            case "vlan" -> vlan(tokens.take().position());
            case "broadcast", "multicast" -> operands.castTo("", tokens.take());
            default -> qualified(first);
        };
    }

    private Condition length(Token word) {
        Value limit = new Value.Fixed(tokens.number("a number of bytes"));
        Value length = new Value.Length();
        return word.is("greater")
                ? new Condition.Compare(length, Bpf.JGE, limit)
                : Condition.not(new Condition.Compare(length, Bpf.JGT, limit));
    }

    private Condition vlan(int position) {
        int number = -1;
        Token token = tokens.peek();
        if (token.kind() == Kind.NUMBER && !ArithmeticParser.isOperator(tokens.peek(1))) {
            number = tokens.number("a VLAN number");
            if (number < 0 || number > 0xfff) {
                throw FilterSyntaxException.at(
                        token.position(), "expected a VLAN number up to 4095, found " + token);
            }
        }
        return link.vlan(number, position);
    }

    private Condition qualified(Token first) {
        if (first.kind() == Kind.WORD && !first.literal() && BEYOND.contains(first.text())) {
            throw FilterSyntaxException.unsupported(
                    first.position(), first + " is only understood where libpcap is installed");
        }
        String protocol = "";
        if (!first.literal() && PROTOCOLS.contains(first.text())) {
            protocol = tokens.take().text();
            if (tokens.peek().is("broadcast") || tokens.peek().is("multicast")) {
                return operands.castTo(protocol, tokens.take());
            }
        }
        Direction direction = direction();
        String type = "";
        Token word = tokens.peek();
        if (!word.literal() && TYPES.contains(word.text())) {
            type = tokens.take().text();
        } else if (direction == null) {
            Condition named = protocol.isEmpty() ? null : primitives.named(protocol);
            if (named == null) {
                throw tokens.expected(
                        protocol.isEmpty()
                                ? "a primitive such as 'host 10.0.0.1', 'port 53' or 'tcp'"
                                : "'host', 'src', 'dst', 'proto', 'broadcast' or 'multicast'");
            }
            return named;
        }
        last = new Qualifiers(protocol, direction == null ? Direction.EITHER : direction, type);
        return operand(last);
    }

    private @Nullable Direction direction() {
        Token first = tokens.peek();
        if (!first.is("src") && !first.is("dst")) {
            return null;
        }
        tokens.take();
        Token joint = tokens.peek();
        Token second = tokens.peek(1);
        if ((joint.is("and") || joint.is("or")) && second.is(first.is("src") ? "dst" : "src")) {
            tokens.take();
            tokens.take();
            return joint.is("and") ? Direction.BOTH : Direction.EITHER;
        }
        return first.is("src") ? Direction.SOURCE : Direction.DESTINATION;
    }

    /** A name or a number, or several in parentheses. */
    private Condition operand(Qualifiers qualifiers) {
        if (++depth > MAX_DEPTH) {
            throw FilterSyntaxException.at(
                    tokens.peek().position(), "nested more than " + MAX_DEPTH + " deep");
        }
        try {
            if (tokens.takeIf("not")) {
                return Condition.not(operand(qualifiers));
            }
            if (!tokens.takeIf("(")) {
                return operands.operand(qualifiers);
            }
            Condition any = operand(qualifiers);
            while (!tokens.takeIf(")")) {
                if (tokens.takeIf("and")) {
                    any = Condition.and(any, operand(qualifiers));
                } else if (tokens.takeIf("or")) {
                    any = Condition.or(any, operand(qualifiers));
                } else {
                    throw tokens.expected("'and', 'or' or ')'");
                }
            }
            return any;
        } finally {
            depth--;
        }
    }
}
