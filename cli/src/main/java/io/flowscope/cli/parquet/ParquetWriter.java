package io.flowscope.cli.parquet;

import io.flowscope.cli.output.ByteSink;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a file of rows in one pass. Rows are gathered in their columns until a group is full; what
 * is held is one group and, of each written, some kilobytes for the footer. Only with the footer is
 * the file one.
 *
 * <pre>
 *   "PAR1"
 *   per group and column: [header, dictionary page] header, data page
 *   footer: schema, groups with columns' places, sizes and statistics
 *   length of the footer (4 bytes), "PAR1"
 * </pre>
 */
public final class ParquetWriter {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 2;
    private static final int GZIP_CODEC = 2;
    private static final int DATA_PAGE = 0;
    private static final int DICTIONARY_PAGE = 2;

    private final ByteSink out;
    private final String createdBy;
    private final List<Column> columns;
    private final int rowsPerGroup;
    private final Gzip gzip;

    private final Bytes plain = new Bytes();
    private final Bytes compressed = new Bytes();
    private final Bytes header = new Bytes();
    private final Bytes groups = new Bytes();
    private final CompactThrift headerFields = new CompactThrift(header);
    private final CompactThrift groupFields = new CompactThrift(groups);
    private int groupCount;
    private int rows;
    private long rowsWritten;
    private long bytesWritten;

    /**
     * Writes to the sink, which nobody else writes to.
     *
     * @param createdBy such as "name version 1.0"
     * @param rowsPerGroup so many rows are held at most
     * @param level of compression, 1 to 9
     */
    public ParquetWriter(
            ByteSink out, String createdBy, List<Column> columns, int rowsPerGroup, int level) {
        this.out = out;
        this.createdBy = createdBy;
        this.columns = List.copyOf(columns);
        this.rowsPerGroup = rowsPerGroup;
        this.gzip = new Gzip(level);
    }

    /** Writes what comes before the first row. */
    public void begin() {
        out.put(MAGIC);
        bytesWritten = MAGIC.length;
    }

    /** Every column has got a row's value. */
    public void endRow() {
        if (++rows == rowsPerGroup) {
            writeGroup();
        }
    }

    /** Writes the rows that are held, and the footer. */
    public void end() {
        if (rows > 0) {
            writeGroup();
        }
        Bytes footer = new Bytes();
        CompactThrift fields = new CompactThrift(footer);
        fields.i32(1, VERSION).list(2, CompactThrift.STRUCT, columns.size() + 1);
        fields.begin().text(4, "flows").i32(5, columns.size()).end();
        for (Column column : columns) {
            schema(column, fields);
        }
        fields.i64(3, rowsWritten).list(4, CompactThrift.STRUCT, groupCount);
        footer.put(groups);
        fields.text(6, createdBy).list(7, CompactThrift.STRUCT, columns.size());
        for (int i = 0; i < columns.size(); i++) {
            fields.begin().empty(1).end(); // ordered as its type is
        }
        fields.end();
        footer.putInt(footer.size());
        footer.writeTo(out);
        out.put(MAGIC);
    }

    private static void schema(Column column, CompactThrift fields) {
        ColumnType type = column.type;
        fields.begin().i32(1, type.physical).i32(3, column.optional ? 1 : 0).text(4, column.name);
        if (type.converted >= 0) {
            fields.i32(6, type.converted);
        }
        fields.begin(10);
        type.logical(fields);
        fields.end().end();
    }

    private void writeGroup() {
        long from = bytesWritten;
        long plainBytes = 0;
        groupFields.begin().list(1, CompactThrift.STRUCT, columns.size());
        for (Column column : columns) {
            plainBytes += writeColumn(column);
            column.clear();
        }
        groupFields.i64(2, plainBytes).i64(3, rows).i64(5, from).i64(6, bytesWritten - from).end();
        groupCount++;
        rowsWritten += rows;
        rows = 0;
    }

    /** Returns how many bytes it would be uncompressed. */
    private long writeColumn(Column column) {
        long from = bytesWritten;
        long plainBytes = 0;
        int encoding = column.encoding();
        if (column.words() > 0) {
            plain.clear();
            column.dictionary(plain);
            plainBytes += writePage(DICTIONARY_PAGE, column.words(), Column.PLAIN, true);
        }
        long data = bytesWritten;
        plain.clear();
        column.page(plain, header);
        plainBytes += writePage(DATA_PAGE, column.rows(), encoding, column.repeats());
        groupFields.begin().i64(2, 0).begin(3).i32(1, column.type.physical);
        if (column.words() > 0) {
            groupFields.list(2, CompactThrift.I32, 3).i32Element(Column.RLE_DICTIONARY);
        } else {
            groupFields.list(2, CompactThrift.I32, 2);
        }
        groupFields.i32Element(Column.PLAIN).i32Element(Column.RLE);
        groupFields.list(3, CompactThrift.BINARY, 1).textElement(column.name);
        groupFields.i32(4, GZIP_CODEC).i64(5, column.rows()).i64(6, plainBytes);
        groupFields.i64(7, bytesWritten - from).i64(9, data);
        if (column.words() > 0) {
            groupFields.i64(11, from);
        }
        statistics(column);
        groupFields.end().end();
        return plainBytes;
    }

    private void statistics(Column column) {
        groupFields.begin(12).i64(3, column.nulls());
        byte[] greatest = column.greatest();
        byte[] least = column.least();
        if (greatest != null && least != null) {
            groupFields.binary(5, greatest).binary(6, least);
        }
        groupFields.end();
    }

    private long writePage(int type, int values, int encoding, boolean repeats) {
        compressed.clear();
        gzip.compress(plain, repeats, compressed);
        header.clear();
        headerFields.i32(1, type).i32(2, plain.size()).i32(3, compressed.size());
        if (type == DATA_PAGE) {
            headerFields.begin(5).i32(1, values).i32(2, encoding);
            headerFields.i32(3, Column.RLE).i32(4, Column.RLE).end();
        } else {
            headerFields.begin(7).i32(1, values).i32(2, encoding).end();
        }
        headerFields.end();
        header.writeTo(out);
        compressed.writeTo(out);
        bytesWritten += (long) header.size() + compressed.size();
        return (long) header.size() + plain.size();
    }
}
