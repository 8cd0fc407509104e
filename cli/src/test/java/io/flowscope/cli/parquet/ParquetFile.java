package io.flowscope.cli.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * Reads Parquet files strictly, as far as flat columns of numbers and texts need it; written from
 * the format's description and without a word of the writer's. Whatever the file says twice must
 * agree: offsets, sizes, counts, statistics.
 */
public final class ParquetFile {
    private static final String MAGIC = "PAR1";
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

    private final ByteBuffer file;
    private final List<SchemaColumn> columns = new ArrayList<>();
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final List<Integer> groupRows = new ArrayList<>();
    private final String createdBy;

    /**
     * A column of the schema.
     *
     * @param type such as "UINT64", with a question mark behind it if there may be none
     */
    public record SchemaColumn(String name, String type) {
        private boolean optional() {
            return type.endsWith("?");
        }

        private String plainType() {
            return optional() ? type.substring(0, type.length() - 1) : type;
        }
    }

    /** Reads all of a file. */
    public ParquetFile(byte[] bytes) {
        file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(MAGIC, text(0, 4));
        assertEquals(MAGIC, text(bytes.length - 4, 4));
        int footerLength = file.getInt(bytes.length - 8);
        int footerAt = bytes.length - 8 - footerLength;
        Thrift footer = new Thrift(file.duplicate().order(ByteOrder.LITTLE_ENDIAN), footerAt);
        Map<Integer, Object> meta = footer.struct();
        assertEquals(bytes.length - 8, footer.at(), "the footer has another length");
        createdBy = string(meta.get(6));
        readSchema(list(meta.get(2)));
        for (Object order : list(meta.get(7))) {
            assertEquals(Map.of(1, Map.of()), order);
        }
        assertEquals(columns.size(), list(meta.get(7)).size());
        long at = 4;
        for (Object group : list(meta.get(4))) {
            at = readGroup(struct(group), at);
        }
        assertEquals(footerAt, at, "bytes that belong to nobody");
        assertEquals((long) rows.size(), meta.get(3));
    }

    /** Which program wrote it. */
    public String createdBy() {
        return createdBy;
    }

    /** The schema. */
    public List<SchemaColumn> columns() {
        return columns;
    }

    /** How many rows each group has. */
    public List<Integer> groupRows() {
        return groupRows;
    }

    /** Texts, numbers without sign, and moments as nanoseconds; a null is absent. */
    public List<Map<String, Object>> rows() {
        return rows;
    }

    private void readSchema(List<Object> elements) {
        Map<Integer, Object> root = struct(elements.get(0));
        assertEquals((long) elements.size() - 1, root.get(5));
        assertTrue(!root.containsKey(1) && !root.containsKey(3));
        for (Object element : elements.subList(1, elements.size())) {
            Map<Integer, Object> fields = struct(element);
            Map<Integer, Object> logical = struct(fields.get(10));
            List<Object> all =
                    Arrays.asList(fields.get(1), fields.getOrDefault(6, "none"), logical);
            String type =
                    all.equals(List.of(6L, 0L, Map.of(1, Map.of())))
                            ? "TEXT"
                            : all.equals(List.of(1L, 12L, Map.of(10, Map.of(1, 16L, 2, false))))
                                    ? "UINT16"
                                    : all.equals(
                                                    List.of(
                                                            2L,
                                                            14L,
                                                            Map.of(10, Map.of(1, 64L, 2, false))))
                                            ? "UINT64"
                                            : nanos(all) ? "NANOS" : "unknown " + all;
            String optional = fields.get(3).equals(1L) ? "?" : "";
            columns.add(new SchemaColumn(string(fields.get(4)), type + optional));
        }
    }

    private static boolean nanos(List<Object> all) {
        Object unit = Map.of(3, Map.of());
        return all.equals(List.of(2L, "none", Map.of(8, Map.of(1, true, 2, unit))));
    }

    private long readGroup(Map<Integer, Object> group, long from) {
        int count = Math.toIntExact((long) group.get(3));
        groupRows.add(count);
        assertTrue(count > 0, "an empty group");
        assertEquals(from, group.get(5));
        List<Object> chunks = list(group.get(1));
        assertEquals(columns.size(), chunks.size());
        int first = rows.size();
        for (int i = 0; i < count; i++) {
            rows.add(new LinkedHashMap<>());
        }
        long at = from;
        long plainBytes = 0;
        for (int i = 0; i < chunks.size(); i++) {
            Map<Integer, Object> chunk = struct(struct(chunks.get(i)).get(3));
            List<Object> values = readChunk(columns.get(i), chunk, at, count);
            for (int j = 0; j < count; j++) {
                if (values.get(j) != null) {
                    rows.get(first + j).put(columns.get(i).name, values.get(j));
                }
            }
            at += (long) chunk.get(7);
            plainBytes += (long) chunk.get(6);
        }
        assertEquals(at - from, group.get(6));
        assertEquals(plainBytes, group.get(2));
        return at;
    }

    private List<Object> readChunk(
            SchemaColumn column, Map<Integer, Object> chunk, long from, int count) {
        assertEquals(List.of(column.name), list(chunk.get(3)).stream().map(this::string).toList());
        assertEquals(2L, chunk.get(4), "codec");
        assertEquals((long) count, chunk.get(5));
        boolean withDictionary = chunk.containsKey(11);
        Page page = new Page(from);
        long plainBytes = page.plainBytes();
        List<Object> words = null;
        if (withDictionary) {
            assertEquals(from, chunk.get(11));
            assertEquals(2L, page.header.get(1));
            Map<Integer, Object> header = struct(page.header.get(7));
            assertEquals(0L, header.get(2));
            words = plain(column, page.body, Math.toIntExact((long) header.get(1)));
            assertEquals(0, page.body.remaining());
            page = new Page(page.end);
            plainBytes += page.plainBytes();
        }
        assertEquals(page.at, chunk.get(9));
        assertEquals(page.end - from, chunk.get(7));
        assertEquals(plainBytes, chunk.get(6));
        assertEquals(0L, page.header.get(1));
        Map<Integer, Object> header = struct(page.header.get(5));
        assertEquals((long) count, header.get(1));
        assertEquals(words == null ? 0L : 8L, header.get(2));
        assertTrue(list(chunk.get(2)).contains(header.get(2)));
        assertEquals(3L, header.get(3));
        int[] levels = new int[count];
        Arrays.fill(levels, 1);
        if (column.optional()) {
            int bytes = page.body.getInt();
            ByteBuffer runs = page.body.slice(page.body.position(), bytes);
            levels = hybrid(runs, 1, count);
            assertEquals(0, runs.remaining());
            page.body.position(page.body.position() + bytes);
        }
        int present = Arrays.stream(levels).sum();
        List<Object> some;
        if (words == null) {
            some = plain(column, page.body, present);
        } else {
            some = new ArrayList<>();
            for (int number : hybrid(page.body, page.body.get(), present)) {
                some.add(words.get(number));
            }
        }
        assertEquals(0, page.body.remaining(), column.name);
        checkStatistics(column, struct(chunk.get(12)), some, count - present);
        List<Object> values = new ArrayList<>();
        for (int i = 0, next = 0; i < count; i++) {
            values.add(levels[i] == 1 ? some.get(next++) : null);
        }
        return values;
    }

    private void checkStatistics(
            SchemaColumn column, Map<Integer, Object> statistics, List<Object> values, int nulls) {
        assertEquals((long) nulls, statistics.get(3));
        assertEquals(statistics.containsKey(5), statistics.containsKey(6));
        if (!statistics.containsKey(5)) {
            return;
        }
        Comparator<Object> order =
                switch (column.plainType()) {
                    case "TEXT" ->
                            (a, b) ->
                                    Arrays.compareUnsigned(
                                            a.toString().getBytes(StandardCharsets.UTF_8),
                                            b.toString().getBytes(StandardCharsets.UTF_8));
                    case "NANOS" -> Comparator.comparing(v -> (Long) v);
                    default -> Comparator.comparing(v -> (BigInteger) v);
                };
        byte[] greatest = (byte[]) Objects.requireNonNull(statistics.get(5));
        byte[] least = (byte[]) Objects.requireNonNull(statistics.get(6));
        assertArrayEquals(
                encoded(column, values.stream().max(order).orElseThrow()), greatest, column.name);
        assertArrayEquals(
                encoded(column, values.stream().min(order).orElseThrow()), least, column.name);
    }

    private static byte[] encoded(SchemaColumn column, Object value) {
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        return switch (column.plainType()) {
            case "TEXT" -> value.toString().getBytes(StandardCharsets.UTF_8);
            case "UINT16" ->
                    Arrays.copyOf(bytes.putInt(((BigInteger) value).intValue()).array(), 4);
            case "NANOS" -> bytes.putLong((Long) value).array();
            default -> bytes.putLong(((BigInteger) value).longValue()).array();
        };
    }

    private static List<Object> plain(SchemaColumn column, ByteBuffer from, int count) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(
                    switch (column.plainType()) {
                        case "TEXT" -> {
                            byte[] text = new byte[from.getInt()];
                            from.get(text);
                            yield new String(text, StandardCharsets.UTF_8);
                        }
                        case "UINT16" -> BigInteger.valueOf(from.getInt());
                        case "NANOS" -> from.getLong();
                        default -> {
                            BigInteger signed = BigInteger.valueOf(from.getLong());
                            yield signed.signum() < 0 ? signed.add(TWO_64) : signed;
                        }
                    });
        }
        return values;
    }

    /** Numbers in runs and packed groups; only the last group may be longer than needed. */
    static int[] hybrid(ByteBuffer from, int width, int count) {
        int[] values = new int[count];
        int at = 0;
        while (at < count) {
            int header = (int) Thrift.varint(from);
            if ((header & 1) == 0) {
                int value = 0;
                for (int i = 0; i < (width + 7) / 8; i++) {
                    value |= (from.get() & 0xff) << (8 * i);
                }
                Arrays.fill(values, at, at + (header >> 1), value);
                at += header >> 1;
            } else {
                int start = from.position();
                int packed = (header >> 1) * 8;
                for (int i = 0; i < packed && at < count; i++, at++) {
                    for (int bit = 0; bit < width; bit++) {
                        int place = i * width + bit;
                        int one = from.get(start + place / 8) >> (place % 8) & 1;
                        values[at] |= one << bit;
                    }
                }
                from.position(start + packed * width / 8);
            }
        }
        return values;
    }

    private String text(int at, int length) {
        byte[] bytes = new byte[length];
        file.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String string(Object binary) {
        return new String((byte[]) binary, StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked") // as the format has it, or the test fails
    private static Map<Integer, Object> struct(Object value) {
        return (Map<Integer, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        return (List<Object>) value;
    }

    private final class Page {
        final long at;
        final long end;
        final Map<Integer, Object> header;
        final ByteBuffer body;
        private final int headerBytes;

        Page(long at) {
            this.at = at;
            Thrift thrift = new Thrift(file.duplicate().order(ByteOrder.LITTLE_ENDIAN), (int) at);
            header = thrift.struct();
            headerBytes = (int) (thrift.at() - at);
            int compressed = Math.toIntExact((long) header.get(3));
            end = thrift.at() + compressed;
            byte[] bytes = new byte[compressed];
            file.get(thrift.at(), bytes);
            try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                body = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertEquals((long) body.remaining(), header.get(2));
        }

        long plainBytes() {
            return headerBytes + (long) header.get(2);
        }
    }

    /** Compact protocol: structures as maps by field, integers as long, binaries as bytes. */
    private static final class Thrift {
        private final ByteBuffer from;

        Thrift(ByteBuffer from, int at) {
            this.from = from.position(at);
        }

        int at() {
            return from.position();
        }

        static long varint(ByteBuffer from) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = from.get();
                value |= (b & 0x7fL) << shift;
                if (b >= 0) {
                    return value;
                }
            }
        }

        Map<Integer, Object> struct() {
            Map<Integer, Object> fields = new TreeMap<>();
            int field = 0;
            for (int head = from.get() & 0xff; head != 0; head = from.get() & 0xff) {
                assertTrue(head >> 4 != 0, "a long form of field header");
                field += head >> 4;
                fields.put(field, value(head & 15));
            }
            return fields;
        }

        private Object value(int type) {
            return switch (type) {
                case 1 -> true;
                case 2 -> false;
                case 3 -> (long) from.get();
                case 5, 6 -> {
                    long zigzag = varint(from);
                    yield zigzag >>> 1 ^ -(zigzag & 1);
                }
                case 8 -> {
                    byte[] bytes = new byte[(int) varint(from)];
                    from.get(bytes);
                    yield bytes;
                }
                case 9 -> {
                    int head = from.get() & 0xff;
                    long size = head >> 4 == 15 ? varint(from) : head >> 4;
                    List<Object> elements = new ArrayList<>();
                    for (long i = 0; i < size; i++) {
                        elements.add(value(head & 15));
                    }
                    yield elements;
                }
                case 12 -> struct();
                default -> throw new AssertionError("type " + type);
            };
        }
    }
}
