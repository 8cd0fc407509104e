package io.flowscope.tracker.session.fuzz;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.Talk;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A conversation as bytes that a fuzzer can change.
 *
 * <pre>
 *   step 1: bit 0 side, bits 1-3: 7 a gap, 6 an end, else bytes | length 2 | bytes …
 * </pre>
 */
final class Script {
    private static final int GAP = 7;
    private static final int END = 6;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Script client(byte[] bytes) {
        return step(0, bytes);
    }

    Script server(byte[] bytes) {
        return step(1, bytes);
    }

    Script gap(int side, int length) {
        return step(side | GAP << 1, new byte[0], length);
    }

    Script end(int side) {
        return step(side | END << 1, new byte[0]);
    }

    private Script step(int control, byte[] bytes) {
        return step(control, bytes, bytes.length);
    }

    private Script step(int control, byte[] bytes, int length) {
        out.write(control);
        out.write(length >> 8);
        out.write(length);
        out.writeBytes(bytes);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    static Talk talk(byte[] data) {
        Talk talk = new Talk();
        int at = 0;
        int ended = 0;
        while (at + 3 <= data.length) {
            Side side = (data[at] & 1) == 0 ? Side.INITIATOR : Side.RESPONDER;
            int kind = data[at] >> 1 & 7;
            int length = ((data[at + 1] & 0xff) << 8) | (data[at + 2] & 0xff);
            at += 3;
            int bit = 1 << (side == Side.INITIATOR ? 0 : 1);
            if ((ended & bit) != 0) {
                kind = 0;
            }
            if (kind == GAP) {
                talk.gap(side, 1 + length);
            } else if (kind == END) {
                talk.end(side);
                ended |= bit;
            } else {
                byte[] bytes = Arrays.copyOfRange(data, at, Math.min(data.length, at + length));
                at += bytes.length;
                if (bytes.length > 0 && (ended & bit) == 0) {
                    talk.say(side, bytes);
                }
            }
        }
        return talk;
    }
}
