package io.flowscope.obs;

import io.flowscope.tracker.FlowTracker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Frames made by hand and fed to a tracker: small conversations with known numbers. */
public final class Traffic {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH_ACK = 0x18;
    static final int ACK = 0x10;
    private static final int ETHERNET = 14;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private final FlowTracker tracker;
    private final MemorySegment memory = Arena.ofAuto().allocate(65_536, 8);
    long nowNanos = 1_700_000_000_000_000_000L;

    /** For one tracker. */
    public Traffic(FlowTracker tracker) {
        this.tracker = tracker;
    }

    /** Time goes on. */
    public Traffic millis(long millis) {
        nowNanos += millis * 1_000_000;
        return this;
    }

    static byte[] address(String text) {
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private void send(String from, String to, int protocol, byte[] transport) {
        byte[] source = address(from);
        byte[] target = address(to);
        boolean v4 = source.length == 4;
        int header = v4 ? 20 : 40;
        ByteBuffer frame = ByteBuffer.allocate(ETHERNET + header + transport.length);
        frame.put(new byte[] {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2});
        frame.putShort((short) (v4 ? 0x0800 : 0x86dd));
        if (v4) {
            frame.put((byte) 0x45).put((byte) 0).putShort((short) (header + transport.length));
            frame.putInt(0x00004000).put((byte) 64).put((byte) protocol).putShort((short) 0);
        } else {
            frame.putInt(0x60000000).putShort((short) transport.length);
            frame.put((byte) protocol).put((byte) 64);
        }
        frame.put(source).put(target).put(transport);
        MemorySegment.copy(frame.array(), 0, memory, ValueLayout.JAVA_BYTE, 0, frame.capacity());
        tracker.track(memory, 0, frame.capacity(), frame.capacity(), nowNanos);
    }

    /** One UDP datagram. */
    public void udp(String from, int fromPort, String to, int toPort, int payload) {
        udp(from, fromPort, to, toPort, new byte[payload]);
    }

    /** One UDP datagram that says something. */
    public void udp(String from, int fromPort, String to, int toPort, byte[] payload) {
        ByteBuffer datagram = ByteBuffer.allocate(8 + payload.length);
        datagram.putShort((short) fromPort).putShort((short) toPort);
        datagram.putShort((short) (8 + payload.length)).putShort((short) 0).put(payload);
        send(from, to, UDP, datagram.array());
    }

    /** One ICMP echo request. */
    public void ping(String from, String to) {
        send(from, to, 1, new byte[] {8, 0, 0, 0, 0, 1, 0, 1});
    }

    /** A frame that belongs to no flow. */
    public void nonsense() {
        memory.asSlice(0, 60).fill((byte) 0);
        tracker.track(memory, 0, 60, 60, nowNanos);
    }

    /** One segment. */
    public void tcp(
            String from,
            int fromPort,
            String to,
            int toPort,
            int flags,
            int sequence,
            int ack,
            int payload) {
        ByteBuffer segment = ByteBuffer.allocate(20 + payload);
        segment.putShort((short) fromPort).putShort((short) toPort);
        segment.putInt(sequence).putInt(ack).put((byte) 0x50).put((byte) flags);
        segment.putShort((short) 0xffff);
        send(from, to, TCP, segment.array());
    }

    /**
     * A whole connection: handshake with the given milliseconds to the SYN-ACK and from there to
     * the ACK, a request and an answer, FIN from both sides.
     */
    public void connection(
            String client,
            int port,
            String server,
            int serverPort,
            int farMillis,
            int nearMillis,
            int request,
            int answer) {
        handshake(client, port, server, serverPort, farMillis, nearMillis);
        tcp(client, port, server, serverPort, PSH_ACK, 101, 201, request);
        tcp(server, serverPort, client, port, PSH_ACK, 201, 101 + request, answer);
        tcp(client, port, server, serverPort, FIN | ACK, 101 + request, 201 + answer, 0);
        tcp(server, serverPort, client, port, FIN | ACK, 201 + answer, 102 + request, 0);
        tcp(client, port, server, serverPort, ACK, 102 + request, 202 + answer, 0);
    }

    /** SYN, SYN-ACK, ACK. */
    public void handshake(
            String client, int port, String server, int serverPort, int farMillis, int nearMillis) {
        tcp(client, port, server, serverPort, SYN, 100, 0, 0);
        millis(farMillis);
        tcp(server, serverPort, client, port, SYN | ACK, 200, 101, 0);
        millis(nearMillis);
        tcp(client, port, server, serverPort, ACK, 101, 201, 0);
    }
}
