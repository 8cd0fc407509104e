package io.flowscope.bindings.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

class SocketCallsTest extends CallsTest {
    private int left;
    private int right;

    private void openPair() {
        MemorySegment two = arena.allocate(8, 4);
        int type = linux_h.SOCK_DGRAM() | linux_h.SOCK_CLOEXEC() | linux_h.SOCK_NONBLOCK();
        assertEquals(0, SocketCalls.socketpair(errno, linux_h.AF_UNIX(), type, 0, two));
        left = two.getAtIndex(ValueLayout.JAVA_INT, 0);
        right = two.getAtIndex(ValueLayout.JAVA_INT, 1);
    }

    private void closePair() {
        assertEquals(0, DescriptorCalls.close(errno, left));
        assertEquals(0, DescriptorCalls.close(errno, right));
    }

    @Test
    void whatOneEndSendsTheOtherReceives() {
        openPair();
        MemorySegment buffer = arena.allocate(16);
        assertEquals(4, MessageCalls.send(errno, left, arena.allocateFrom("ping"), 4, 0));
        assertEquals(4, MessageCalls.recv(errno, right, buffer, 16, 0));
        assertEquals("ping", buffer.getString(0));
        assertEquals(-linux_h.EAGAIN(), MessageCalls.recv(errno, right, buffer, 16, 0));
        closePair();
    }

    @Test
    void manyMessagesGoAndComeInOneCall() {
        openPair();
        MemorySegment out = vector("one", "three", "fifteen");
        assertEquals(3, MessageCalls.sendmmsg(errno, left, out, 3, 0));
        assertEquals(5, MessageVector.length(out, 1));
        MemorySegment in = vector("........", "........", "........", "........");
        assertEquals(3, MessageCalls.recvmmsg(errno, right, in, 4, 0, MemorySegment.NULL));
        assertEquals(3, MessageVector.length(in, 0));
        assertEquals(7, MessageVector.length(in, 2));
        closePair();
    }

    /** One message for each text, with the text as its only buffer. */
    private MemorySegment vector(String... texts) {
        MemorySegment vector = arena.allocate(texts.length * MessageVector.BYTES, 8);
        for (int i = 0; i < texts.length; i++) {
            MemorySegment part = iovec.allocate(arena);
            iovec.iov_base(part, arena.allocateFrom(texts[i]));
            iovec.iov_len(part, texts[i].length());
            MemorySegment header = vector.asSlice(MessageVector.headerOffset(i), msghdr.sizeof());
            msghdr.msg_iov(header, part);
            msghdr.msg_iovlen(header, 1);
        }
        return vector;
    }

    @Test
    void anOptionReadsBackAsItWasSet() {
        openPair();
        assertEquals(
                0,
                SocketCalls.setsockopt(
                        errno, left, linux_h.SOL_SOCKET(), linux_h.SO_PRIORITY(), 3));
        MemorySegment value = arena.allocate(4, 4);
        MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, 4);
        assertEquals(
                0,
                SocketCalls.getsockopt(
                        errno, left, linux_h.SOL_SOCKET(), linux_h.SO_PRIORITY(), value, length));
        assertEquals(3, value.get(ValueLayout.JAVA_INT, 0));
        closePair();
    }

    @Test
    void aBoundSocketSaysItsAddress() {
        int udp = SocketCalls.socket(errno, linux_h.AF_INET(), linux_h.SOCK_DGRAM(), 0);
        MemorySegment address = sockaddr_in.allocate(arena);
        sockaddr_in.sin_family(address, (short) linux_h.AF_INET());
        in_addr.s_addr(sockaddr_in.sin_addr(address), 0x0100007f);
        int bytes = (int) sockaddr_in.sizeof();
        assertEquals(0, SocketCalls.bind(errno, udp, address, bytes));

        MemorySegment name = sockaddr_in.allocate(arena);
        MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, bytes);
        assertEquals(0, SocketCalls.getsockname(errno, udp, name, length));
        assertEquals(0x0100007f, in_addr.s_addr(sockaddr_in.sin_addr(name)));

        MemorySegment buffer = arena.allocate(16);
        assertEquals(2, MessageCalls.sendto(errno, udp, buffer, 2, 0, name, bytes));
        MemorySegment sender = sockaddr_in.allocate(arena);
        assertEquals(2, MessageCalls.recvfrom(errno, udp, buffer, 16, 0, sender, length));
        assertEquals(sockaddr_in.sin_port(name), sockaddr_in.sin_port(sender));
        assertEquals(0, DescriptorCalls.close(errno, udp));
    }

    @Test
    void aConnectedSocketSendsToItsPeerWithoutSayingSo() {
        int udp = SocketCalls.socket(errno, linux_h.AF_INET(), linux_h.SOCK_DGRAM(), 0);
        MemorySegment message = vector("whole").asSlice(0, msghdr.sizeof());
        MemorySegment address = sockaddr_in.allocate(arena);
        sockaddr_in.sin_family(address, (short) linux_h.AF_INET());
        in_addr.s_addr(sockaddr_in.sin_addr(address), 0x0100007f);
        int bytes = (int) sockaddr_in.sizeof();
        assertEquals(0, SocketCalls.bind(errno, udp, address, bytes));
        MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, bytes);
        assertEquals(0, SocketCalls.getsockname(errno, udp, address, length));

        assertEquals(-linux_h.EDESTADDRREQ(), MessageCalls.sendmsg(errno, udp, message, 0));
        assertEquals(0, SocketCalls.connect(errno, udp, address, bytes));
        assertEquals(5, MessageCalls.sendmsg(errno, udp, message, 0));
        MemorySegment buffer = arena.allocate(16);
        assertEquals(5, MessageCalls.recv(errno, udp, buffer, 16, 0));
        assertEquals("whole", buffer.getString(0));
        assertEquals(0, DescriptorCalls.close(errno, udp));
    }

    @Test
    void aSocketThatIsShutDownSendsNoMore() {
        openPair();
        assertEquals(0, SocketCalls.shutdown(errno, left, linux_h.SHUT_WR()));
        MemorySegment text = arena.allocateFrom("ping");
        int flags = linux_h.MSG_NOSIGNAL();
        assertEquals(-linux_h.EPIPE(), MessageCalls.send(errno, left, text, 4, flags));
        assertEquals(4, MessageCalls.send(errno, right, text, 4, flags));
        closePair();
    }

    @Test
    void aClassicFilterDecidesWhatASocketReceives() {
        openPair();
        // Accepts what begins with 'a'.
        MemorySegment program =
                ClassicBpf.program(
                        arena,
                        ClassicBpf.statement(
                                linux_h.BPF_LD() | linux_h.BPF_B() | linux_h.BPF_ABS(), 0),
                        ClassicBpf.jump(
                                linux_h.BPF_JMP() | linux_h.BPF_JEQ() | linux_h.BPF_K(), 'a', 0, 1),
                        ClassicBpf.statement(linux_h.BPF_RET() | linux_h.BPF_K(), 0xFFFF),
                        ClassicBpf.statement(linux_h.BPF_RET() | linux_h.BPF_K(), 0));
        assertEquals(
                0,
                SocketCalls.setsockopt(
                        errno,
                        right,
                        linux_h.SOL_SOCKET(),
                        linux_h.SO_ATTACH_FILTER(),
                        program,
                        (int) sock_fprog.sizeof()));
        MemorySegment buffer = arena.allocate(16);
        MessageCalls.send(errno, left, arena.allocateFrom("b1"), 2, 0);
        MessageCalls.send(errno, left, arena.allocateFrom("a2"), 2, 0);
        assertEquals(2, MessageCalls.recv(errno, right, buffer, 16, 0));
        assertEquals("a2", buffer.getString(0));
        assertEquals(-linux_h.EAGAIN(), MessageCalls.recv(errno, right, buffer, 16, 0));
        closePair();
    }

    @Test
    void timeStampsComeAsControlMessages() {
        openPair();
        assertEquals(
                0,
                SocketCalls.setsockopt(
                        errno, right, linux_h.SOL_SOCKET(), linux_h.SO_TIMESTAMPNS(), 1));
        MessageCalls.send(errno, left, arena.allocateFrom("ping"), 4, 0);
        MemorySegment message = vector("................").asSlice(0, msghdr.sizeof());
        long room = ControlMessages.space(timespec.sizeof());
        MemorySegment control = arena.allocate(room, 8);
        msghdr.msg_control(message, control);
        msghdr.msg_controllen(message, room);
        assertEquals(4, MessageCalls.recvmsg(errno, right, message, 0));
        long at =
                ControlMessages.find(
                        control,
                        msghdr.msg_controllen(message),
                        linux_h.SOL_SOCKET(),
                        linux_h.SCM_TIMESTAMPNS());
        long seconds = timespec.tv_sec(control.asSlice(at, timespec.sizeof()));
        assertTrue(Math.abs(Instant.now().getEpochSecond() - seconds) < 10, "at " + seconds);
        assertEquals(-1, ControlMessages.find(control, room, linux_h.SOL_PACKET(), 0));
        closePair();
    }
}
