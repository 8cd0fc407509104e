package io.flowscope.capture.generate;

import java.nio.charset.StandardCharsets;

/** Name queries and answers, as they stand in a UDP datagram. */
final class DnsMessages {
    static final int A = 1;
    static final int CNAME = 5;
    static final int SOA = 6;
    static final int TXT = 16;
    static final int AAAA = 28;

    private static final int IN = 1;

    /** A pointer to the name in the question. */
    private static final int ASKED_NAME = 0xC00C;

    private DnsMessages() {}

    static byte[] query(int id, String name, int type) {
        return head(id, 0x0100, 0, 0, name, type).done();
    }

    /** The name is an alias; one address follows. */
    static byte[] alias(int id, String name, String target, int type, byte[] address) {
        byte[] targetName = name(target);
        Bytes message = head(id, 0x8180, 2, 0, name, type);
        record(message, ASKED_NAME, CNAME, 3_600, targetName);
        message.bytes(targetName).u16(type).u16(IN).u32(300).vector16(address);
        return message.done();
    }

    static byte[] addresses(int id, String name, int type, byte[]... addresses) {
        Bytes message = head(id, 0x8180, addresses.length, 0, name, type);
        for (byte[] address : addresses) {
            record(message, ASKED_NAME, type, 60, address);
        }
        return message.done();
    }

    static byte[] noSuchName(int id, String name, int type, String zone) {
        Bytes message = head(id, 0x8183, 0, 1, name, type);
        byte[] authority =
                new Bytes()
                        .bytes(name("ns1." + zone))
                        .bytes(name("hostmaster." + zone))
                        .u32(2_023_111_401)
                        .u32(7_200)
                        .u32(3_600)
                        .u32(1_209_600)
                        .u32(300)
                        .done();
        message.bytes(name(zone)).u16(SOA).u16(IN).u32(300).vector16(authority);
        return message.done();
    }

    /** Says that the answer does not fit and is to be asked for over TCP. */
    static byte[] truncated(int id, String name, int type) {
        return head(id, 0x8380, 0, 0, name, type).done();
    }

    static byte[] texts(int id, String name, String... texts) {
        Bytes message = head(id, 0x8180, texts.length, 0, name, TXT);
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            record(message, ASKED_NAME, TXT, 300, new Bytes().vector8(bytes).done());
        }
        return message.done();
    }

    /** As it stands in a TCP stream: after its length. */
    static byte[] overTcp(byte[] message) {
        return new Bytes().vector16(message).done();
    }

    private static Bytes head(
            int id, int flags, int answers, int authorities, String name, int type) {
        return new Bytes()
                .u16(id)
                .u16(flags)
                .u16(1)
                .u16(answers)
                .u16(authorities)
                .u16(0)
                .bytes(name(name))
                .u16(type)
                .u16(IN);
    }

    private static void record(Bytes message, int pointer, int type, int seconds, byte[] data) {
        message.u16(pointer).u16(type).u16(IN).u32(seconds).vector16(data);
    }

    private static byte[] name(String name) {
        var bytes = new Bytes();
        for (int from = 0; from < name.length(); ) {
            int dot = name.indexOf('.', from);
            int end = dot < 0 ? name.length() : dot;
            bytes.u8(end - from).text(name.substring(from, end));
            from = end + 1;
        }
        return bytes.u8(0).done();
    }
}
