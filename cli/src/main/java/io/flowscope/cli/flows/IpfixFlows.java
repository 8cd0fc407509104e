package io.flowscope.cli.flows;

import io.flowscope.cli.ipfix.Domain;
import io.flowscope.cli.ipfix.Messages;
import io.flowscope.cli.ipfix.Template;
import io.flowscope.cli.output.ByteSink;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An IPFIX file: a record per flow, with both directions (RFC 5103). What a flow does not have, its
 * template does not have either. Of several inputs each is an observation domain of its own, named
 * by an option.
 *
 * <p>Exported at the packets' time, as one that watched them would have.
 */
public final class IpfixFlows implements FlowOutput {
    /** Ids of templates for flows are this and a {@link #variant}. */
    private static final int FIRST_TEMPLATE = 512;

    private static final int TCP = 0;
    private static final int PORTS = 1;
    private static final int ICMP = 2;
    private static final int ICMP6 = 3;
    private static final int OTHER = 4;
    private static final int IPV6 = 1 << 3;
    private static final int VLAN = 1 << 4;

    /** Not every packet was seen by itself, so that IP bytes and flags are not known. */
    private static final int PARTIAL = 1 << 5;

    private static final int VARIANTS = 1 << 6;

    /** What an IPv4 or IPv6 host does; announced at once, the others when they are needed. */
    private static final int[] USUAL = {
        TCP, PORTS, ICMP, OTHER, TCP | IPV6, PORTS | IPV6, ICMP6 | IPV6, OTHER | IPV6
    };

    private static final Template NAMES =
            new Template(
                    256,
                    1,
                    List.of(
                            new Template.Field(149, 4, false), // observationDomainId
                            new Template.Field(300, Template.Field.VARIABLE, false))); // its name

    /** The system takes no longer path. */
    private static final int LONGEST_NAME = 4_096;

    private static final int LONGEST_RECORD = LONGEST_NAME * 3 + 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Messages messages;
    private final IpfixField[][] fields = new IpfixField[VARIANTS][];
    private final Map<@Nullable String, Domain> domains = new HashMap<>();
    private final ByteBuffer record = ByteBuffer.allocate(LONGEST_RECORD);

    /** Writes to the sink. */
    public IpfixFlows(ByteSink out) {
        messages = new Messages(out);
    }

    @Override
    public void write(FlowRow row) {
        messages.exportNotBefore(Math.ceilDiv(row.lastSeenNanos, NANOS_PER_SECOND));
        Domain domain = domain(row.file);
        int variant = variant(row);
        IpfixField[] of = announced(domain, variant);
        record.clear();
        for (IpfixField field : of) {
            field.put(row, record);
        }
        messages.record(domain, FIRST_TEMPLATE + variant, record.array(), record.position());
    }

    @Override
    public void settle() {
        messages.flush();
    }

    @Override
    public void end() {
        if (domains.isEmpty()) {
            domain(null);
        }
        messages.flush();
    }

    private Domain domain(@Nullable String file) {
        Domain known = domains.get(file);
        if (known != null) {
            return known;
        }
        Domain domain = new Domain(file == null ? 0 : domains.size() + 1);
        domains.put(file, domain);
        if (file != null) {
            name(domain, domains.size(), file);
        }
        for (int variant : USUAL) {
            announced(domain, variant);
        }
        return domain;
    }

    private void name(Domain domain, int id, String file) {
        String cut = file.substring(0, Math.min(LONGEST_NAME, file.length()));
        byte[] name = cut.getBytes(StandardCharsets.UTF_8);
        record.clear().putInt(id);
        if (name.length < 255) {
            record.put((byte) name.length);
        } else {
            record.put((byte) 255).putShort((short) name.length);
        }
        record.put(name);
        messages.template(domain, NAMES);
        messages.record(domain, NAMES.id(), record.array(), record.position());
    }

    private IpfixField[] announced(Domain domain, int variant) {
        IpfixField[] of = fields[variant];
        if (of == null) {
            of = fields(variant);
            fields[variant] = of;
        }
        if (domain.announces(variant)) {
            List<Template.Field> elements = new ArrayList<>();
            for (IpfixField field : of) {
                elements.add(field.field);
            }
            messages.template(domain, new Template(FIRST_TEMPLATE + variant, 0, elements));
        }
        return of;
    }

    private static int variant(FlowRow row) {
        int kind =
                switch (row.protocol) {
                    case Protocols.TCP -> TCP;
                    case Protocols.ICMP -> row.icmpType >= 0 ? ICMP : OTHER;
                    case Protocols.ICMP6 -> row.icmpType >= 0 ? ICMP6 : OTHER;
                    default -> row.hasPorts() ? PORTS : OTHER;
                };
        boolean partial = row.initiator.ipBytes < 0 || row.responder.ipBytes < 0;
        return kind
                | (row.ipVersion == 4 ? 0 : IPV6)
                | (row.vlan >= 0 ? VLAN : 0)
                | (partial ? PARTIAL : 0);
    }

    private static IpfixField[] fields(int variant) {
        List<IpfixField> fields = new ArrayList<>();
        boolean six = (variant & IPV6) != 0;
        fields.add(six ? IpfixField.SOURCE_IPV6_ADDRESS : IpfixField.SOURCE_IPV4_ADDRESS);
        fields.add(six ? IpfixField.DESTINATION_IPV6_ADDRESS : IpfixField.DESTINATION_IPV4_ADDRESS);
        fields.add(IpfixField.PROTOCOL_IDENTIFIER);
        int kind = variant & 7;
        switch (kind) {
            case TCP, PORTS -> {
                fields.add(IpfixField.SOURCE_TRANSPORT_PORT);
                fields.add(IpfixField.DESTINATION_TRANSPORT_PORT);
            }
            case ICMP -> fields.add(IpfixField.ICMP_TYPE_CODE_IPV4);
            case ICMP6 -> fields.add(IpfixField.ICMP_TYPE_CODE_IPV6);
            default -> {}
        }
        if ((variant & VLAN) != 0) {
            fields.add(IpfixField.DOT1Q_VLAN_ID);
        }
        fields.add(IpfixField.FLOW_START_NANOSECONDS);
        fields.add(IpfixField.FLOW_END_NANOSECONDS);
        fields.add(IpfixField.FLOW_START_MILLISECONDS);
        fields.add(IpfixField.FLOW_END_MILLISECONDS);
        fields.add(IpfixField.BIFLOW_DIRECTION);
        fields.add(IpfixField.FLOW_END_REASON);
        fields.add(IpfixField.PACKET_DELTA_COUNT);
        fields.add(IpfixField.PACKET_DELTA_COUNT_BACK);
        boolean whole = (variant & PARTIAL) == 0;
        if (whole) {
            fields.add(IpfixField.OCTET_DELTA_COUNT);
            fields.add(IpfixField.OCTET_DELTA_COUNT_BACK);
        }
        fields.add(IpfixField.LAYER_2_OCTET_DELTA_COUNT);
        fields.add(IpfixField.LAYER_2_OCTET_DELTA_COUNT_BACK);
        fields.add(IpfixField.TRANSPORT_OCTET_DELTA_COUNT);
        fields.add(IpfixField.TRANSPORT_OCTET_DELTA_COUNT_BACK);
        if (whole && kind == TCP) {
            fields.add(IpfixField.TCP_CONTROL_BITS);
            fields.add(IpfixField.TCP_CONTROL_BITS_BACK);
        }
        return fields.toArray(IpfixField[]::new);
    }
}
