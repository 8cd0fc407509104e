package io.flowscope.bench.pcap4j;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads a frame from a byte array by hand: Ethernet, tags, IPv4, IPv6, ports. */
final class RawFrame {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private RawFrame() {}

    static void count(byte[] frame, int length, long nowNanos, BareTable table) {
        if (frame.length < 14) {
            return;
        }
        int at = 12;
        int type = u16(frame, at);
        while ((type == 0x8100 || type == 0x88a8) && frame.length >= at + 6) {
            at += 4;
            type = u16(frame, at);
        }
        at += 2;
        if (type == 0x0800 && frame.length >= at + 20) {
            ipv4(frame, at, length, nowNanos, table);
        } else if (type == 0x86dd && frame.length >= at + 40) {
            ipv6(frame, at, length, nowNanos, table);
        }
    }

    private static void ipv4(byte[] frame, int at, int length, long nowNanos, BareTable table) {
        int protocol = frame[at + 9] & 0xff;
        int l4 = at + (frame[at] & 15) * 4;
        boolean ports = (u16(frame, at + 6) & 0x1fff) == 0 && hasPorts(frame, l4, protocol);
        table.count(
                0,
                (int) INT.get(frame, at + 12) & 0xffff_ffffL,
                0,
                (int) INT.get(frame, at + 16) & 0xffff_ffffL,
                ports ? u16(frame, l4) : 0,
                ports ? u16(frame, l4 + 2) : 0,
                protocol,
                length,
                nowNanos);
    }

    private static void ipv6(byte[] frame, int at, int length, long nowNanos, BareTable table) {
        int protocol = frame[at + 6] & 0xff;
        boolean ports = hasPorts(frame, at + 40, protocol);
        table.count(
                (long) LONG.get(frame, at + 8),
                (long) LONG.get(frame, at + 16),
                (long) LONG.get(frame, at + 24),
                (long) LONG.get(frame, at + 32),
                ports ? u16(frame, at + 40) : 0,
                ports ? u16(frame, at + 42) : 0,
                protocol,
                length,
                nowNanos);
    }

    private static boolean hasPorts(byte[] frame, int l4, int protocol) {
        return (protocol == 6 || protocol == 17) && frame.length >= l4 + 4;
    }

    private static int u16(byte[] frame, int at) {
        return (short) SHORT.get(frame, at) & 0xffff;
    }
}
