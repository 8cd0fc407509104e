package io.flowscope.cli.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.cli.output.ByteSink;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

@Execution(ExecutionMode.CONCURRENT)
class ParquetWriterTest {
    private final NumberColumn number = new NumberColumn("number", ColumnType.UINT64, true);
    private final NumberColumn port = new NumberColumn("port", ColumnType.UINT16, false);
    private final NumberColumn time = new NumberColumn("time", ColumnType.NANOS, false);
    private final TextColumn text = new TextColumn("text", false);
    private final WordColumn word = new WordColumn("word", true);
    private final WordColumn always = new WordColumn("always", false);
    private final List<Column> columns = List.of(number, port, time, text, word, always);
    private final List<Map<String, Object>> expected = new ArrayList<>();

    private void row(
            ParquetWriter writer, Long n, int p, long t, String s, String w, String always) {
        Map<String, Object> row = new LinkedHashMap<>();
        if (n == null) {
            number.addNull();
        } else {
            number.add(n);
            row.put("number", new BigInteger(Long.toUnsignedString(n)));
        }
        port.add(p);
        row.put("port", BigInteger.valueOf(p));
        time.add(t);
        row.put("time", t);
        text.add(s);
        row.put("text", s);
        if (w == null) {
            word.addNull();
        } else {
            word.add(w);
            row.put("word", w);
        }
        this.always.add(always);
        row.put("always", always);
        expected.add(row);
        writer.endRow();
    }

    private interface Rows {
        void write(ParquetWriter writer);
    }

    private ParquetFile written(int rowsPerGroup, Rows rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteSink out = new ByteSink(bytes);
        ParquetWriter writer = new ParquetWriter(out, "test version 1", columns, rowsPerGroup, 1);
        writer.begin();
        rows.write(writer);
        writer.end();
        out.flush();
        ParquetFile file = new ParquetFile(bytes.toByteArray());
        assertEquals(expected, file.rows());
        return file;
    }

    @Test
    void withoutRowsThereIsASchemaAndNoGroup() {
        ParquetFile file = written(10, writer -> {});
        assertEquals(List.of(), file.groupRows());
        assertEquals("test version 1", file.createdBy());
        assertEquals(
                List.of(
                        new ParquetFile.SchemaColumn("number", "UINT64?"),
                        new ParquetFile.SchemaColumn("port", "UINT16"),
                        new ParquetFile.SchemaColumn("time", "NANOS"),
                        new ParquetFile.SchemaColumn("text", "TEXT"),
                        new ParquetFile.SchemaColumn("word", "TEXT?"),
                        new ParquetFile.SchemaColumn("always", "TEXT")),
                file.columns());
    }

    @Test
    void oneRowWithoutWhatMayBeAbsent() {
        written(10, writer -> row(writer, null, 0, 0, "", null, ""));
    }

    @Test
    void theExtremesOfEveryTypeComeBack() {
        written(
                10,
                writer -> {
                    row(writer, -1L, 65_535, Long.MIN_VALUE, "a", "ä\uD83D\uDE00\u0000", "x");
                    row(writer, 0L, 0, Long.MAX_VALUE, "", "", "x");
                    row(writer, Long.MIN_VALUE, 32_768, -1, "b".repeat(5_000), "z", "x");
                    row(writer, Long.MAX_VALUE, 1, 1, "c", "\u00ff".repeat(3_000), "x");
                });
    }

    @Test
    void groupsBeginWhereRowsAreEnoughAndStandOnTheirOwn() {
        for (int rows : new int[] {6, 7, 8, 13, 14, 15, 100}) {
            expected.clear();
            ParquetFile file =
                    written(
                            7,
                            writer -> {
                                for (int i = 0; i < rows; i++) {
                                    // Second group: no word at all, so no dictionary.
                                    String w = i / 7 == 1 ? null : "w" + i;
                                    row(writer, i % 3 == 0 ? null : i - 5L, i, -i, "t" + i, w, "x");
                                }
                            });
            List<Integer> groups = new ArrayList<>();
            for (int left = rows; left > 0; left -= 7) {
                groups.add(Math.min(7, left));
            }
            assertEquals(groups, file.groupRows());
        }
    }

    @Test
    void anythingComesBackHoweverManyWordsAndGapsThereAre() {
        Random random = new Random(5);
        for (int words : new int[] {1, 2, 3, 4, 5, 255, 256, 257, 5_000}) {
            expected.clear();
            int gaps = 1 + random.nextInt(20);
            written(
                    4_096,
                    writer -> {
                        for (int i = 0; i < 6_000; i++) {
                            boolean gap = random.nextInt(20) < gaps;
                            row(
                                    writer,
                                    gap ? null : random.nextLong(),
                                    random.nextInt(65_536),
                                    random.nextLong(),
                                    Integer.toString(random.nextInt(), 36),
                                    random.nextInt(gaps) == 0
                                            ? null
                                            : "w" + random.nextInt(words) / 3,
                                    "a" + i / 1_000 % words);
                        }
                    });
        }
    }

    @Test
    void aColumnWithoutGapsRefusesOne() {
        assertThrows(IllegalStateException.class, port::addNull);
    }

    @Test
    void runsAndPackedNumbersComeBackForEveryWidth() {
        Random random = new Random(6);
        for (int width = 1; width <= 31; width++) {
            for (int count : new int[] {0, 1, 7, 8, 9, 16, 17, 1_000}) {
                int[] values = new int[count];
                int value = 0;
                for (int i = 0; i < count; i++) {
                    value = random.nextInt(count > 500 && i < 500 ? 30 : 3) == 0 ? -1 : value;
                    value = value == -1 ? random.nextInt() >>> (32 - width) : value;
                    values[i] = value;
                }
                Bytes out = new Bytes();
                HybridRuns.encode(values, count, width, out);
                ByteBuffer in = ByteBuffer.wrap(out.array(), 0, out.size());
                assertArrayEquals(values, ParquetFile.hybrid(in, width, count));
                assertEquals(0, in.remaining());
            }
        }
    }

    @Test
    void aColumnOfOneWordTakesNextToNothing() {
        Bytes page = new Bytes();
        for (int i = 0; i < 60_000; i++) {
            always.add("same");
        }
        always.page(page, new Bytes());
        assertTrue(page.size() < 10, "bytes: " + page.size());
    }
}
