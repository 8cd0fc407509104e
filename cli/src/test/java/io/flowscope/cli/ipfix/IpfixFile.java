package io.flowscope.cli.ipfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads IPFIX files strictly; written from RFC 7011 and without a word of the writer's. What is
 * announced, counted and measured must be so.
 */
public final class IpfixFile {
    private static final int REVERSE_ENTERPRISE = 29305;

    private final List<Flow> flows = new ArrayList<>();
    private final Map<Long, String> domainNames = new HashMap<>();
    private final List<Integer> messageBytes = new ArrayList<>();
    private final List<Long> exportSeconds = new ArrayList<>();
    private final Map<Long, Map<Integer, List<Element>>> templates = new HashMap<>();
    private final Map<Long, Long> records = new HashMap<>();

    /**
     * A data record.
     *
     * @param values by the element's number, that of the reverse direction with "r" behind it
     */
    public record Flow(long domain, Map<String, byte[]> values) {
        /** A value as an unsigned number. */
        public long number(String element) {
            byte[] bytes = values.get(element);
            assertNotNull(bytes, element);
            assertTrue(bytes.length <= 8);
            long number = 0;
            for (byte b : bytes) {
                number = number << 8 | b & 0xff;
            }
            return number;
        }
    }

    private record Element(String name, int bytes) {}

    /** Reads all of a file. */
    public IpfixFile(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        while (file.hasRemaining()) {
            int at = file.position();
            assertEquals(10, file.getShort(), "version");
            int length = file.getShort() & 0xffff;
            messageBytes.add(length);
            exportSeconds.add(file.getInt() & 0xffff_ffffL);
            long sequence = file.getInt() & 0xffff_ffffL;
            long domain = file.getInt() & 0xffff_ffffL;
            assertEquals(records.getOrDefault(domain, 0L), sequence, "sequence");
            readSets(domain, file.slice(at + 16, length - 16));
            file.position(at + length);
        }
    }

    /** The flows' records in their order. */
    public List<Flow> flows() {
        return flows;
    }

    /** What options call the domains. */
    public Map<Long, String> domainNames() {
        return domainNames;
    }

    /** How long each message is. */
    public List<Integer> messageBytes() {
        return messageBytes;
    }

    /** When each message was sent. */
    public List<Long> exportSeconds() {
        return exportSeconds;
    }

    /** How many templates a domain has. */
    public int templates(long domain) {
        return templates.get(domain).size();
    }

    private void readSets(long domain, ByteBuffer sets) {
        while (sets.hasRemaining()) {
            int at = sets.position();
            int id = sets.getShort() & 0xffff;
            int length = sets.getShort() & 0xffff;
            assertTrue(length > 4, "an empty set");
            ByteBuffer set = sets.slice(at + 4, length - 4);
            while (set.hasRemaining()) {
                if (id == 2 || id == 3) {
                    readTemplate(domain, set, id == 3);
                } else {
                    readRecord(domain, id, set);
                }
            }
            sets.position(at + length);
        }
    }

    private void readTemplate(long domain, ByteBuffer set, boolean options) {
        int id = set.getShort() & 0xffff;
        assertTrue(id >= 256);
        int count = set.getShort();
        if (options) {
            assertEquals(1, set.getShort(), "scope fields");
        }
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int element = set.getShort() & 0xffff;
            int bytes = set.getShort() & 0xffff;
            boolean reverse = (element & 0x8000) != 0;
            if (reverse) {
                assertEquals(REVERSE_ENTERPRISE, set.getInt());
            }
            elements.add(new Element((element & 0x7fff) + (reverse ? "r" : ""), bytes));
        }
        Map<Integer, List<Element>> all = templates.computeIfAbsent(domain, _ -> new HashMap<>());
        assertEquals(null, all.put(id, elements), "announced twice");
    }

    private void readRecord(long domain, int id, ByteBuffer set) {
        List<Element> elements = templates.getOrDefault(domain, Map.of()).get(id);
        assertNotNull(elements, "a record without a template");
        Map<String, byte[]> values = new LinkedHashMap<>();
        for (Element element : elements) {
            int bytes = element.bytes;
            if (bytes == 0xffff) {
                bytes = set.get() & 0xff;
                bytes = bytes == 255 ? set.getShort() & 0xffff : bytes;
            }
            byte[] value = new byte[bytes];
            set.get(value);
            assertEquals(null, values.put(element.name, value));
        }
        records.merge(domain, 1L, Long::sum);
        byte[] name = values.get("300");
        if (name != null) {
            assertEquals(domain, new Flow(domain, values).number("149"));
            domainNames.put(domain, new String(name, StandardCharsets.UTF_8));
        } else {
            flows.add(new Flow(domain, values));
        }
    }
}
