package io.flowscope.capture.generate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Puts a message together, numbers in network order. */
final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes u8(int value) {
        out.write(value);
        return this;
    }

    Bytes u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    Bytes u32(long value) {
        return u16((int) (value >>> 16)).u16((int) value);
    }

    Bytes u64(long value) {
        return u32(value >>> 32).u32(value);
    }

    Bytes text(String value) {
        return bytes(value.getBytes(StandardCharsets.ISO_8859_1));
    }

    Bytes bytes(byte[] value) {
        out.writeBytes(value);
        return this;
    }

    Bytes random(SplitMix random, int count) {
        for (int i = 0; i < count; i++) {
            u8((int) (random.next() >>> 56));
        }
        return this;
    }

    /** A length of one byte, then the bytes. */
    Bytes vector8(byte[] value) {
        return u8(value.length).bytes(value);
    }

    /** A length of two bytes, then the bytes. */
    Bytes vector16(byte[] value) {
        return u16(value.length).bytes(value);
    }

    byte[] done() {
        return out.toByteArray();
    }
}
