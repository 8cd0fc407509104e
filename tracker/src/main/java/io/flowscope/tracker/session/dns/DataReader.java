package io.flowscope.tracker.session.dns;

import io.flowscope.tracker.session.ByteText;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads record data by type. Data that ends before its fields do, or after them, is given raw; only
 * a bad name damages the message, since what follows it cannot be trusted.
 */
final class DataReader {
    private DataReader() {}

    /** Reads at most the given bytes, which are there; the caller sets the position after them. */
    static DnsData read(DnsCursor in, int type, int length) {
        int start = in.position();
        int end = start + length;
        DnsData data =
                switch (type) {
                    case 1 -> length == 4 ? new DnsData.Address(in.bytes(4)) : raw(in, length);
                    case 28 -> length == 16 ? new DnsData.Address(in.bytes(16)) : raw(in, length);
                    case 2, 5, 12, 39 -> length > 0 ? new DnsData.Name(in.name()) : raw(in, length);
                    case 6 -> length >= 22 ? authority(in) : raw(in, length);
                    case 15 ->
                            length >= 3
                                    ? new DnsData.MailExchange(in.u16(), in.name())
                                    : raw(in, length);
                    case 16, 99 -> text(in, start, end);
                    case 33 ->
                            length >= 7
                                    ? new DnsData.Service(in.u16(), in.u16(), in.u16(), in.name())
                                    : raw(in, length);
                    case 35 -> length >= 8 ? naming(in, end) : raw(in, length);
                    case 64, 65 -> length >= 3 ? binding(in, end) : raw(in, length);
                    default -> raw(in, length);
                };
        if (in.sound() && in.position() != end) {
            in.position(start);
            return raw(in, length);
        }
        return data;
    }

    private static DnsData raw(DnsCursor in, int length) {
        return new DnsData.Raw(in.bytes(length));
    }

    private static DnsData authority(DnsCursor in) {
        return new DnsData.StartOfAuthority(
                in.name(), in.name(), in.u32(), in.u32(), in.u32(), in.u32(), in.u32());
    }

    private static DnsData text(DnsCursor in, int start, int end) {
        List<ByteText> strings = new ArrayList<>(1);
        while (in.position() < end) {
            ByteText string = stringWithin(in, end);
            if (string == null) {
                in.position(start);
                return raw(in, end - start);
            }
            strings.add(string);
        }
        return new DnsData.Text(List.copyOf(strings));
    }

    /** A string that ends within the record, or null. */
    private static @Nullable ByteText stringWithin(DnsCursor in, int end) {
        if (in.position() >= end) {
            return null;
        }
        int length = in.u8();
        return length > end - in.position() ? null : in.bytes(length);
    }

    private static DnsData naming(DnsCursor in, int end) {
        int start = in.position();
        int order = in.u16();
        int preference = in.u16();
        ByteText flags = stringWithin(in, end);
        ByteText services = flags == null ? null : stringWithin(in, end);
        ByteText pattern = services == null ? null : stringWithin(in, end);
        if (flags == null || services == null || pattern == null || in.position() >= end) {
            in.position(start);
            return raw(in, end - start);
        }
        return new DnsData.NamingAuthority(order, preference, flags, services, pattern, in.name());
    }

    private static DnsData binding(DnsCursor in, int end) {
        int priority = in.u16();
        DnsName target = in.name();
        List<DnsData.ServiceBinding.Parameter> parameters = new ArrayList<>();
        while (in.sound() && end - in.position() >= 4) {
            int key = in.u16();
            int length = in.u16();
            if (length > end - in.position()) {
                break;
            }
            parameters.add(new DnsData.ServiceBinding.Parameter(key, in.bytes(length)));
        }
        return new DnsData.ServiceBinding(priority, target, List.copyOf(parameters));
    }
}
