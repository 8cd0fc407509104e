package io.flowscope.tracker.session.fuzz;

import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.Talk;

import java.util.function.Supplier;

/** What every stream parser must stand. */
final class StreamTarget {
    private StreamTarget() {}

    static <M> void run(byte[] data, Supplier<SessionParser<M>> parsers, long maxHeldBytes) {
        Talk talk = Script.talk(data);
        Talk.Run whole = talk.run(parsers, left -> left);
        Talk.Run bytes = talk.run(parsers, left -> 1);
        int[] turn = {data.length};
        Talk.Run pieces = talk.run(parsers, left -> 1 + (turn[0]++ * 7 + 3) % 23);
        if (whole.maxHeldBytes() > maxHeldBytes || bytes.maxHeldBytes() > maxHeldBytes) {
            throw new AssertionError("held " + whole.maxHeldBytes());
        }
        for (Talk.Run other : new Talk.Run[] {bytes, pieces}) {
            if (!whole.heard().equals(other.heard())
                    || whole.status() != other.status()
                    || !whole.failure().equals(other.failure())) {
                throw new AssertionError("cut otherwise: " + whole + " / " + other);
            }
        }
        for (Talk.Heard heard : whole.heard()) {
            Touch.all(heard.message());
        }
    }
}
