package io.flowscope.tracker.session.dns;

import io.flowscope.tracker.session.ByteText;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads whole messages; one reader serves all parsers of a tracker. */
final class DnsReader {
    static final int HEADER_BYTES = 12;
    private static final int OPT = 41;

    private final DnsCursor in = new DnsCursor();
    private @Nullable DnsEdns edns;

    /** Why the last message was refused; empty if it was read. */
    private String refusal = "";

    String refusal() {
        return refusal;
    }

    /**
     * Reads one message. Null if it has no whole header or its questions cannot be read, which is
     * what bytes that are not DNS look like; damage further on becomes the content's defect.
     */
    @Nullable DnsContent read(byte[] bytes, int length) {
        refusal = "";
        edns = null;
        in.begin(bytes, length);
        if (length < HEADER_BYTES) {
            refusal = "shorter than a header";
            return null;
        }
        int id = in.u16();
        int flags = in.u16();
        int questionCount = in.u16();
        int answerCount = in.u16();
        int authorityCount = in.u16();
        int additionalCount = in.u16();
        List<DnsQuestion> questions = questions(questionCount);
        if (!in.sound()) {
            refusal = "questions: " + in.defect();
            return null;
        }
        List<DnsRecord> answers = records(answerCount);
        List<DnsRecord> authorities = records(authorityCount);
        List<DnsRecord> additionals = records(additionalCount);
        return new DnsContent(
                id, flags, questions, answers, authorities, additionals, edns, in.defect());
    }

    private List<DnsQuestion> questions(int count) {
        if (count == 0) {
            return List.of();
        }
        List<DnsQuestion> list = new ArrayList<>(Math.min(count, 4));
        for (int i = 0; i < count && in.sound(); i++) {
            DnsQuestion question = new DnsQuestion(in.name(), in.u16(), in.u16());
            if (in.sound()) {
                list.add(question);
            }
        }
        return List.copyOf(list);
    }

    /** A record is at least 11 bytes, so a lying count ends soon. */
    private List<DnsRecord> records(int count) {
        if (count == 0 || !in.sound()) {
            return List.of();
        }
        List<DnsRecord> list = new ArrayList<>(Math.min(count, 8));
        for (int i = 0; i < count && in.sound(); i++) {
            DnsRecord record = record();
            if (record != null) {
                list.add(record);
            }
        }
        return List.copyOf(list);
    }

    private @Nullable DnsRecord record() {
        DnsName name = in.name();
        int type = in.u16();
        int dnsClass = in.u16();
        long ttl = in.u32();
        int length = in.u16();
        if (in.sound() && length > in.remaining()) {
            in.fail("cut short");
        }
        if (!in.sound()) {
            return null;
        }
        int end = in.position() + length;
        if (type == OPT && edns == null) {
            edns = edns(dnsClass, ttl, end);
            in.position(end);
            return null;
        }
        DnsData data = DataReader.read(in, type, length);
        if (!in.sound()) {
            return null;
        }
        in.position(end);
        return new DnsRecord(name, type, dnsClass, ttl, data);
    }

    /** The class is the payload size; the time to live holds rcode, version and flags. */
    private DnsEdns edns(int dnsClass, long ttl, int end) {
        List<DnsEdns.Option> options = new ArrayList<>();
        while (end - in.position() >= 4) {
            int code = in.u16();
            int length = in.u16();
            if (length > end - in.position()) {
                break;
            }
            ByteText value = in.bytes(length);
            options.add(new DnsEdns.Option(code, value));
        }
        return new DnsEdns(
                dnsClass,
                (int) (ttl >> 24) & 0xff,
                (int) (ttl >> 16) & 0xff,
                (ttl & 0x8000) != 0,
                List.copyOf(options));
    }
}
