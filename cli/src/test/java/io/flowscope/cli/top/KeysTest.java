package io.flowscope.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

class KeysTest {
    private static List<Key> of(String typed) {
        byte[] bytes = typed.getBytes(StandardCharsets.UTF_8);
        return Keys.of(bytes, bytes.length);
    }

    @Test
    void lettersAreKeysAndOthersMeanNothing() {
        assertEquals(List.of(Key.QUIT, Key.PAUSE, Key.PAUSE, Key.HELP, Key.HELP), of("qp h?"));
        assertEquals(
                List.of(
                        Key.SORT_NEXT,
                        Key.SORT_RATE,
                        Key.SORT_BYTES,
                        Key.SORT_PACKETS,
                        Key.SORT_RTT,
                        Key.SORT_RETRANSMITS),
                of("srbntx"));
        assertEquals(List.of(Key.REDRAW, Key.SUSPEND), of("\u000c\u001a"));
        assertEquals(List.of(), of("y1ü世\r\n\u0003"));
    }

    @Test
    void noPartOfASequenceIsAKey() {
        assertEquals(List.of(), of("\u001b[A\u001bOp\u001b[15~\u001b[1;5r\u001b[<0;3;4M"));
        assertEquals(List.of(Key.QUIT), of("\u001b[Bq"));
        assertEquals(List.of(Key.BACK), of("\u001b"));
        assertEquals(List.of(Key.BACK, Key.QUIT), of("\u001bq"));
        assertEquals(List.of(), of("\u001b["));
        assertEquals(List.of(), of("\u001bO"));
    }

    @Test
    void whateverIsTypedIsReadToItsEnd() {
        Random random = new Random(11);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 20_000; i++) {
            random.nextBytes(bytes);
            int length = random.nextInt(bytes.length + 1);
            for (int at = 0; at < length; at++) {
                bytes[at] = random.nextInt(3) == 0 ? (byte) "\u001b[O;1".charAt(at % 5) : bytes[at];
            }
            assertEquals(true, Keys.of(bytes, length).size() <= length);
        }
    }
}
