package io.flowscope.capture;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Puts capture files together byte by byte, right or wrong ones, in either byte order. */
final class CaptureBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private ByteOrder order;

    CaptureBytes(ByteOrder order) {
        this.order = order;
    }

    CaptureBytes order(ByteOrder next) {
        order = next;
        return this;
    }

    CaptureBytes int16(int... values) {
        for (int value : values) {
            out.writeBytes(ByteBuffer.allocate(2).order(order).putShort((short) value).array());
        }
        return this;
    }

    CaptureBytes int32(int... values) {
        for (int value : values) {
            out.writeBytes(ByteBuffer.allocate(4).order(order).putInt(value).array());
        }
        return this;
    }

    CaptureBytes int64(long value) {
        out.writeBytes(ByteBuffer.allocate(8).order(order).putLong(value).array());
        return this;
    }

    CaptureBytes bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    CaptureBytes padded(byte[] bytes) {
        out.writeBytes(bytes);
        out.writeBytes(new byte[-bytes.length & 3]);
        return this;
    }

    CaptureBytes pcapHeader(int magic, int linkType) {
        return int32(magic).int16(2, 4).int32(0, 0, 65_535, linkType);
    }

    CaptureBytes record(int seconds, int fraction, int length, byte[] data) {
        return int32(seconds, fraction, data.length, length).bytes(data);
    }

    /** A block of pcapng around a body. */
    CaptureBytes block(int type, CaptureBytes body) {
        byte[] bytes = body.done();
        int total = 12 + bytes.length;
        return int32(type, total).bytes(bytes).int32(total);
    }

    CaptureBytes body() {
        return new CaptureBytes(order);
    }

    CaptureBytes section(CaptureBytes options) {
        CaptureBytes body = body().int32(0x1A2B3C4D).int16(1, 0).int64(-1);
        return block(0x0A0D0D0A, body.bytes(options.done()));
    }

    CaptureBytes section() {
        return section(body());
    }

    CaptureBytes describeInterface(int linkType, int snapLength, CaptureBytes options) {
        CaptureBytes body = body().int16(linkType, 0).int32(snapLength);
        return block(1, body.bytes(options.done()));
    }

    CaptureBytes enhanced(int number, long ticks, int length, byte[] data, CaptureBytes options) {
        CaptureBytes body =
                body().int32(number, (int) (ticks >>> 32), (int) ticks, data.length, length);
        return block(6, body.padded(data).bytes(options.done()));
    }

    CaptureBytes enhanced(int number, long ticks, byte[] data) {
        return enhanced(number, ticks, data.length, data, body());
    }

    CaptureBytes option(int code, byte[] value) {
        return int16(code, value.length).padded(value);
    }

    CaptureBytes option(int code, String value) {
        return option(code, value.getBytes(StandardCharsets.UTF_8));
    }

    CaptureBytes endOfOptions() {
        return int32(0);
    }

    byte[] done() {
        return out.toByteArray();
    }

    CaptureFile open() {
        return open(done());
    }

    static CaptureFile open(byte[] bytes) {
        return CaptureFile.open(
                new ByteArrayInputStream(bytes), "test", CaptureFileOptions.standard());
    }

    static byte[] data(int length) {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte) (i + 1);
        }
        return data;
    }
}
