package io.flowscope.cli.ipfix;

import io.flowscope.cli.output.ByteSink;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/**
 * Packs records into sets and sets into messages. A message is written when the next record does
 * not fit or belongs to another domain.
 *
 * <pre>
 *   0         2         4                   8                   12                  16
 *   +---------+---------+-------------------+-------------------+-------------------+
 *   | 10      | length  | export time, s    | records before it | domain            |
 *   +---------+---------+-------------------+-------------------+-------------------+
 *   | set id  | length  | records           |   per set
 *   +---------+---------+-------------------+
 * </pre>
 */
public final class Messages {
    /** A message is a datagram that crosses an Ethernet, if somebody sends it. */
    private static final int USUAL_BYTES = 1_400;

    /** What a message's length can say; only a single record may need more than the usual. */
    private static final int MOST_BYTES = 0xffff;

    private static final int VERSION = 10;
    private static final int HEADER_BYTES = 16;
    private static final int SET_HEADER_BYTES = 4;

    private final ByteSink out;
    private final ByteBuffer message = ByteBuffer.allocate(MOST_BYTES);
    private @Nullable Domain domain;
    private int set;
    private int setAt;
    private int dataRecords;
    private long exportSeconds;

    /** Writes to the sink. */
    public Messages(ByteSink out) {
        this.out = out;
    }

    /** Messages from here on are not older than this; seconds since 1970. */
    public void exportNotBefore(long seconds) {
        exportSeconds = Math.max(exportSeconds, seconds);
    }

    /** Announces a template to a domain. */
    public void template(Domain to, Template template) {
        byte[] encoded = template.encoded();
        add(to, template.set(), encoded, encoded.length);
    }

    /** Writes a record that an announced template describes. */
    public void record(Domain to, int template, byte[] record, int length) {
        add(to, template, record, length);
        dataRecords++;
    }

    /** Writes the message that is begun, if one is. */
    public void flush() {
        Domain of = domain;
        if (of == null) {
            return;
        }
        endSet();
        int length = message.position();
        message.putShort(0, (short) VERSION).putShort(2, (short) length);
        message.putInt(4, (int) exportSeconds).putInt(8, of.records).putInt(12, of.id);
        out.put(message.array(), 0, length);
        of.records += dataRecords;
        dataRecords = 0;
        domain = null;
    }

    private void add(Domain to, int setId, byte[] record, int length) {
        if (to != domain || message.position() + SET_HEADER_BYTES + length > USUAL_BYTES) {
            flush();
        }
        if (domain == null) {
            domain = to;
            set = 0;
            message.clear().position(HEADER_BYTES);
        }
        if (set != setId) {
            endSet();
            set = setId;
            setAt = message.position();
            message.position(setAt + SET_HEADER_BYTES);
        }
        message.put(record, 0, length);
    }

    private void endSet() {
        if (set != 0) {
            message.putShort(setAt, (short) set);
            message.putShort(setAt + 2, (short) (message.position() - setAt));
        }
    }
}
