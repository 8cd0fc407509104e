package io.flowscope.cli.ipfix;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What the records of a set consist of.
 *
 * <pre>
 *   0        2        4
 *   +--------+--------+
 *   | id     | fields | [scope fields:2, of options]
 *   +--------+--------+
 *   |E element| bytes | [enterprise:4, where E is set]
 *   +--------+--------+  per field
 * </pre>
 *
 * @param id of the sets with such records, from 256
 * @param scopeFields how many of the first fields say what the others are about; 0 for data
 */
public record Template(int id, int scopeFields, List<Field> fields) {
    /** The enterprise under whose number elements of the reverse direction go (RFC 5103). */
    private static final int REVERSE = 29305;

    private static final int ENTERPRISE = 0x8000;
    private static final int TEMPLATE_SET = 2;
    private static final int OPTIONS_TEMPLATE_SET = 3;

    /**
     * One of IANA's information elements.
     *
     * @param bytes how many a value has, {@link #VARIABLE} if each says so itself
     * @param reverse whether it is said of the packets that go back
     */
    public record Field(int element, int bytes, boolean reverse) {
        /** The length of texts. */
        public static final int VARIABLE = 0xffff;

        private int templateBytes() {
            return reverse ? 8 : 4;
        }
    }

    /** Copies the list. */
    public Template {
        fields = List.copyOf(fields);
    }

    /** The set that it is announced in. */
    int set() {
        return scopeFields == 0 ? TEMPLATE_SET : OPTIONS_TEMPLATE_SET;
    }

    byte[] encoded() {
        int head = scopeFields == 0 ? 4 : 6;
        int bytes = fields.stream().mapToInt(Field::templateBytes).sum();
        ByteBuffer to = ByteBuffer.allocate(head + bytes);
        to.putShort((short) id).putShort((short) fields.size());
        if (scopeFields != 0) {
            to.putShort((short) scopeFields);
        }
        for (Field field : fields) {
            to.putShort((short) (field.reverse ? field.element | ENTERPRISE : field.element));
            to.putShort((short) field.bytes);
            if (field.reverse) {
                to.putInt(REVERSE);
            }
        }
        return to.array();
    }
}
