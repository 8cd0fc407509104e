package io.flowscope.capture.filter;

import io.flowscope.capture.filter.Lexer.Kind;
import io.flowscope.capture.filter.Lexer.Token;
import io.flowscope.capture.filter.Primitives.Direction;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Reads what follows qualifiers: an address, a network, a port, a protocol, or a host's name. */
final class OperandParser {
    private static final long BROADCAST = 0xffff_ffff_ffffL;
    private static final int[] WHOLE_ADDRESS = {-1, -1, -1, -1};

    private final Tokens tokens;
    private final LinkLayer link;
    private final Primitives primitives;

    OperandParser(Tokens tokens, LinkLayer link, Primitives primitives) {
        this.tokens = tokens;
        this.link = link;
        this.primitives = primitives;
    }

    Condition operand(Qualifiers qualifiers) {
        Token token = tokens.peek();
        if (token.kind() != Kind.NUMBER && token.kind() != Kind.WORD) {
            throw tokens.expected("a name, an address or a number after " + qualifiers);
        }
        tokens.take();
        return switch (qualifiers.type()) {
            case "port", "portrange" -> ports(qualifiers, token);
            case "proto" -> protocol(qualifiers, token);
            case "net" -> net(qualifiers, token);
            default -> host(qualifiers, token);
        };
    }

    /** {@code broadcast} and {@code multicast}, by protocol. */
    Condition castTo(String protocol, Token word) {
        boolean broadcast = word.is("broadcast");
        switch (protocol) {
            case "", "ether", "link" -> {
                link.needEthernet(word.toString(), word.position());
                return broadcast
                        ? primitives.ethernetAddress(Direction.DESTINATION, BROADCAST)
                        : primitives.ethernetMulticast();
            }
            case "ip" -> {
                if (broadcast) {
                    throw FilterSyntaxException.at(
                            word.position(),
                            "'ip broadcast' needs the network's mask, which is not known here");
                }
                return Condition.and(
                        primitives.ip(),
                        new Condition.Compare(
                                primitives.byteAt(16), Bpf.JGE, new Value.Fixed(224)));
            }
            case "ip6" -> {
                if (!broadcast) {
                    return Condition.and(
                            primitives.ip6(), Condition.equal(primitives.byteAt(24), 255));
                }
            }
            default -> {}
        }
        throw FilterSyntaxException.at(
                word.position(), "there is no '" + protocol + " " + word.text() + "'");
    }

    private Condition ports(Qualifiers qualifiers, Token token) {
        int transport =
                switch (qualifiers.protocol()) {
                    case "" -> -1;
                    case "tcp", "udp", "sctp" -> Names.ipProtocol(qualifiers.protocol());
                    default -> throw misapplied(qualifiers, token);
                };
        String text = token.text();
        int dash = qualifiers.type().equals("portrange") ? text.indexOf('-') : -1;
        int first = port(dash < 0 ? text : text.substring(0, dash), token);
        int last = dash < 0 ? first : port(text.substring(dash + 1), token);
        return primitives.ports(
                transport, qualifiers.direction(), Math.min(first, last), Math.max(first, last));
    }

    private static int port(String text, Token token) {
        Integer named = Names.port(text);
        if (named != null) {
            return named;
        }
        if (!Lexer.isNumber(text)) {
            throw FilterSyntaxException.unsupported(
                    token.position(), "expected a port, found '" + text + "'");
        }
        long port = text.length() > 10 ? Long.MAX_VALUE : Long.decode(text);
        if (port > 65535) {
            throw FilterSyntaxException.at(
                    token.position(), "expected a port up to 65535, found '" + text + "'");
        }
        return (int) port;
    }

    private Condition protocol(Qualifiers qualifiers, Token token) {
        boolean link2 =
                qualifiers.protocol().equals("ether") || qualifiers.protocol().equals("link");
        int number;
        if (token.kind() == Kind.NUMBER) {
            number = Tokens.number(token);
        } else {
            Integer named = (link2 ? Names.ETHERNET_TYPES : Names.IP_PROTOCOLS).get(token.text());
            if (named == null) {
                throw FilterSyntaxException.unsupported(
                        token.position(), "expected a protocol's number or name, found " + token);
            }
            number = named;
        }
        int limit = link2 ? 0xffff : 0xff;
        if (number < 0 || number > limit) {
            throw FilterSyntaxException.at(
                    token.position(), "expected a protocol up to " + limit + ", found " + token);
        }
        return switch (qualifiers.protocol()) {
            case "" -> primitives.protocol(number);
            case "ip" -> primitives.ipProtocol(number);
            case "ip6" -> primitives.ip6Protocol(number);
            case "ether", "link" -> link.carries(number);
            default -> throw misapplied(qualifiers, token);
        };
    }

    private Condition net(Qualifiers qualifiers, Token token) {
        int[] address6 = IpAddress.parse6(token.text());
        if (address6 != null) {
            return net6(qualifiers, token, address6);
        }
        int[] parts = IpAddress.dotted(token.text());
        if (parts == null) {
            throw FilterSyntaxException.unsupported(
                    token.position(), "expected a network such as 10.0.0.0/8, found " + token);
        }
        int address = IpAddress.leftAligned(parts);
        int mask = prefixMask(8 * parts.length);
        if (tokens.takeIf("/")) {
            mask = prefixMask(prefixLength(32));
        } else if (tokens.takeIf("mask")) {
            Token maskToken = tokens.take();
            int[] maskParts = IpAddress.dotted(maskToken.text());
            if (maskParts == null) {
                throw FilterSyntaxException.at(
                        maskToken.position(),
                        "expected a mask such as 255.255.0.0, found " + maskToken);
            }
            mask = IpAddress.leftAligned(maskParts);
        }
        if ((address & ~mask) != 0) {
            throw hostBits(token);
        }
        return net4(qualifiers, token, address, mask);
    }

    private Condition net6(Qualifiers qualifiers, Token token, int[] address) {
        int length = tokens.takeIf("/") ? prefixLength(128) : 128;
        int[] mask = new int[4];
        for (int i = 0; i < 4; i++) {
            mask[i] = prefixMask(Math.clamp(length - 32 * i, 0, 32));
            if ((address[i] & ~mask[i]) != 0) {
                throw hostBits(token);
            }
        }
        return host6(qualifiers, token, address, mask);
    }

    private static FilterSyntaxException hostBits(Token token) {
        return FilterSyntaxException.at(
                token.position(), token + " has bits set that its mask does not cover");
    }

    private static int prefixMask(int length) {
        return length == 0 ? 0 : -1 << (32 - length);
    }

    private int prefixLength(int limit) {
        Token token = tokens.peek();
        int length = tokens.number("a prefix length");
        if (length < 0 || length > limit) {
            throw FilterSyntaxException.at(
                    token.position(),
                    "expected a prefix length up to " + limit + ", found " + token);
        }
        return length;
    }

    private Condition net4(Qualifiers qualifiers, Token token, int address, int mask) {
        Direction direction = qualifiers.direction();
        return switch (qualifiers.protocol()) {
            case "" -> primitives.net(direction, address, mask);
            case "ip" -> primitives.ipNet(direction, address, mask);
            case "arp", "rarp" ->
                    primitives.arpNet(
                            Names.etherType(qualifiers.protocol()), direction, address, mask);
            default -> throw misapplied(qualifiers, token);
        };
    }

    private Condition host6(Qualifiers qualifiers, Token token, int[] address, int[] mask) {
        if (!qualifiers.protocol().isEmpty() && !qualifiers.protocol().equals("ip6")) {
            throw misapplied(qualifiers, token);
        }
        return primitives.ip6Net(qualifiers.direction(), address, mask);
    }

    private Condition host(Qualifiers qualifiers, Token token) {
        if (EthernetAddress.isValid(token.text())) {
            if (!qualifiers.protocol().equals("ether") && !qualifiers.protocol().equals("link")) {
                throw FilterSyntaxException.at(
                        token.position(), "an Ethernet address needs 'ether' before it");
            }
            link.needEthernet("'ether host'", token.position());
            return primitives.ethernetAddress(
                    qualifiers.direction(), EthernetAddress.parse(token.text()));
        }
        int[] address6 = IpAddress.parse6(token.text());
        if (address6 != null) {
            return host6(qualifiers, token, address6, WHOLE_ADDRESS);
        }
        if (token.kind() == Kind.NUMBER) {
            return net4(qualifiers, token, Tokens.number(token), -1);
        }
        int[] parts = IpAddress.dotted(token.text());
        if (parts != null) {
            return net4(
                    qualifiers, token, IpAddress.leftAligned(parts), prefixMask(8 * parts.length));
        }
        return lookedUp(qualifiers, token);
    }

    private Condition lookedUp(Qualifiers qualifiers, Token token) {
        if (qualifiers.protocol().equals("ether") || !token.text().matches("[-._A-Za-z0-9]+")) {
            throw FilterSyntaxException.at(token.position(), "expected an address, found " + token);
        }
        Condition any = Condition.NEVER;
        try {
            for (InetAddress address : InetAddress.getAllByName(token.text())) {
                ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
                boolean wanted =
                        qualifiers.protocol().isEmpty()
                                || (address instanceof Inet6Address)
                                        == qualifiers.protocol().equals("ip6");
                if (!wanted) {
                    continue;
                }
                any =
                        Condition.or(
                                any,
                                address instanceof Inet6Address
                                        ? host6(qualifiers, token, words(bytes), WHOLE_ADDRESS)
                                        : net4(qualifiers, token, bytes.getInt(), -1));
            }
        } catch (UnknownHostException unknown) {
            throw FilterSyntaxException.at(
                    token.position(), "expected an address or the name of a host, found " + token);
        }
        return any;
    }

    private static int[] words(ByteBuffer bytes) {
        return new int[] {bytes.getInt(), bytes.getInt(), bytes.getInt(), bytes.getInt()};
    }

    private static FilterSyntaxException misapplied(Qualifiers qualifiers, Token token) {
        return FilterSyntaxException.at(
                token.position(), qualifiers + " cannot be applied to " + token);
    }
}
