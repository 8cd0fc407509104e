package io.flowscope.cli.parquet;

/** What a column's values are, and how the format calls it. */
public enum ColumnType {
    /** Unsigned, of 16 bits. */
    UINT16(1, 12) {
        @Override
        void logical(CompactThrift to) {
            to.begin(INTEGER).i8(1, 16).flag(2, false).end();
        }
    },
    /** Unsigned, of 64 bits. */
    UINT64(2, 14) {
        @Override
        void logical(CompactThrift to) {
            to.begin(INTEGER).i8(1, 64).flag(2, false).end();
        }
    },
    /** A moment in nanoseconds since 1970, UTC. */
    NANOS(2, -1) {
        @Override
        void logical(CompactThrift to) {
            to.begin(TIMESTAMP).flag(1, true).begin(2).empty(3).end().end();
        }
    },
    /** Text. */
    TEXT(6, 0) {
        @Override
        void logical(CompactThrift to) {
            to.empty(STRING);
        }
    };

    private static final int STRING = 1;
    private static final int TIMESTAMP = 8;
    private static final int INTEGER = 10;

    /** The number of INT32, INT64 or BYTE_ARRAY. */
    final int physical;

    /** What older readers know it as, -1 for nothing. */
    final int converted;

    ColumnType(int physical, int converted) {
        this.physical = physical;
        this.converted = converted;
    }

    /** Writes the alternative of the union LogicalType. */
    abstract void logical(CompactThrift to);
}
