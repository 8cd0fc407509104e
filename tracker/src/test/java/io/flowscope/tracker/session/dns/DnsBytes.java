package io.flowscope.tracker.session.dns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes DNS messages field by field, right or wrong. */
final class DnsBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static DnsBytes header(int id, int flags, int questions, int answers, int more, int last) {
        return new DnsBytes().u16(id).u16(flags).u16(questions).u16(answers).u16(more).u16(last);
    }

    static byte[] query(int id, String name, int type) {
        return header(id, 0x0100, 1, 0, 0, 0).name(name).u16(type).u16(1).bytes();
    }

    /** An answer with one address, its name compressed. */
    static byte[] answer(int id, String name, int address) {
        return header(id, 0x8180, 1, 1, 0, 0)
                .name(name)
                .u16(1)
                .u16(1)
                .u16(0xc00c)
                .u16(1)
                .u16(1)
                .u32(300)
                .u16(4)
                .u32(address)
                .bytes();
    }

    DnsBytes u8(int value) {
        out.write(value);
        return this;
    }

    DnsBytes u16(int value) {
        return u8(value >> 8).u8(value);
    }

    DnsBytes u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    DnsBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    DnsBytes string(String text) {
        u8(text.length());
        return raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A name without compression; labels are what dots separate. */
    DnsBytes name(String name) {
        if (!name.isEmpty()) {
            for (String label : name.split("\\.", -1)) {
                string(label);
            }
        }
        return u8(0);
    }

    /** A record whose name is the first question's. */
    DnsBytes record(int type, byte[] data) {
        return u16(0xc00c).u16(type).u16(1).u32(60).u16(data.length).raw(data);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** Behind its length, as in TCP. */
    static byte[] framed(byte[] message) {
        return new DnsBytes().u16(message.length).raw(message).bytes();
    }
}
