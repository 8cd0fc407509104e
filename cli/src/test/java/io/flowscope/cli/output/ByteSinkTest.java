package io.flowscope.cli.output;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;

@Execution(ExecutionMode.CONCURRENT)
class ByteSinkTest {
    private static String written(Consumer<ByteSink> writing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteSink sink = new ByteSink(out);
        writing.accept(sink);
        sink.flush();
        assertEquals(out.size(), sink.bytesWritten());
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void numbersAreThoseOfLongToString() {
        Random random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            long number = random.nextLong() >> random.nextInt(64);
            assertEquals(Long.toString(number), written(s -> s.put(number)));
        }
        for (long number : new long[] {0, 9, 10, 99, 100, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertEquals(Long.toString(number), written(s -> s.put(number)));
        }
    }

    @Test
    void secondsHaveNineDecimalsOnBothSidesOfTheEpoch() {
        Random random = new Random(6);
        for (int i = 0; i < 10_000; i++) {
            long nanos = random.nextLong() >> random.nextInt(64);
            if (nanos != Long.MIN_VALUE) {
                assertEquals(
                        BigDecimal.valueOf(nanos, 9).toPlainString(),
                        written(s -> s.putSeconds(nanos)));
            }
        }
        assertEquals("1700000000.123456", written(s -> s.putSecondsMicros(1700000000_123456789L)));
    }

    @Test
    void textOfAnyLengthAndScriptIsUtf8() {
        Random random = new Random(7);
        StringBuilder all = new StringBuilder();
        String result =
                written(
                        s -> {
                            for (int i = 0; i < 2_000; i++) {
                                StringBuilder text = new StringBuilder();
                                int length = random.nextInt(200);
                                for (int j = 0; j < length; j++) {
                                    int point = random.nextInt(8) == 0 ? 0x1f600 + j : 'a' + j % 26;
                                    text.appendCodePoint(point);
                                }
                                s.put(text.toString());
                                all.append(text);
                            }
                            String huge = "é".repeat(200_000);
                            s.put(huge);
                            all.append(huge);
                        });
        assertEquals(all.toString(), result);
    }

    @Test
    void bytesOfAnyLengthArriveInOrder() {
        byte[] bytes = new byte[300_000];
        new Random(8).nextBytes(bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteSink sink = new ByteSink(out);
        sink.put(bytes, 0, 70_000).put(bytes, 70_000, 1).put(bytes, 70_001, 229_999);
        sink.flush();
        assertArrayEquals(bytes, out.toByteArray());
    }

    @Test
    void nothingIsWrittenBehindAFailure() {
        OutputStream full =
                new OutputStream() {
                    private int calls;

                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("unused");
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        assertEquals(0, calls++, "written again after a failure");
                        throw new IOException("No space left on device");
                    }
                };
        ByteSink sink = new ByteSink(full);
        sink.put("x");
        assertThrows(OutputFailure.class, sink::flush);
        assertThrows(OutputFailure.class, sink::flush);
        assertThrows(OutputFailure.class, () -> sink.put(new byte[100_000]));
        assertEquals(0, sink.bytesWritten());
    }
}
