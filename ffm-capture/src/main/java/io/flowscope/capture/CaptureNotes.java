package io.flowscope.capture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a capture file says besides its packets. Grows while the file is read; may be asked from any
 * thread. All of it together is bounded: what does not fit is left out and counted.
 */
public final class CaptureNotes {
    static final int MOST_INTERFACES = 65_536;

    private static final int MOST_TEXT_BYTES = 8 << 20;
    private static final int MOST_WARNINGS = 100;

    /** What an entry costs besides its text. */
    private static final int ENTRY_BYTES = 64;

    /**
     * A section: what one program wrote in one go.
     *
     * @param hardware of the machine
     * @param operatingSystem of the machine
     * @param application that wrote it
     * @param comment somebody's remark
     */
    public record Section(
            String hardware, String operatingSystem, String application, String comment) {}

    /**
     * Names of an address.
     *
     * @param address in text form, IPv4 or IPv6
     * @param names at least one
     */
    public record Names(String address, List<String> names) {}

    /**
     * A remark on a packet.
     *
     * @param packetNumber the packet's number in the file, from 1
     * @param text the remark
     */
    public record PacketComment(long packetNumber, String text) {}

    /**
     * Counters of an interface, the last ones the file has; -1 where it does not say.
     *
     * @param interfaceNumber the interface's number in the file
     * @param timestampNanos when they were read, nanoseconds since the epoch
     * @param startNanos when the capture began
     * @param endNanos when it ended
     * @param received packets
     * @param droppedByInterface packets
     * @param accepted packets that the filter let through
     * @param droppedBySystem packets
     * @param delivered packets to the user
     */
    public record InterfaceStatistics(
            int interfaceNumber,
            long timestampNanos,
            long startNanos,
            long endNanos,
            long received,
            long droppedByInterface,
            long accepted,
            long droppedBySystem,
            long delivered) {}

    private final List<CaptureInterface> interfaces = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();
    private final List<Names> names = new ArrayList<>();
    private final List<PacketComment> comments = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<Integer, InterfaceStatistics> statistics = new LinkedHashMap<>();
    private long textBytes;
    private long omitted;

    CaptureNotes() {}

    /** In the order of their numbers; empty for classic pcap. */
    public synchronized List<CaptureInterface> interfaces() {
        return List.copyOf(interfaces);
    }

    /** In file order; empty for classic pcap. */
    public synchronized List<Section> sections() {
        return List.copyOf(sections);
    }

    /** What name resolution blocks say. */
    public synchronized List<Names> names() {
        return List.copyOf(names);
    }

    /** Remarks on packets, in file order. */
    public synchronized List<PacketComment> packetComments() {
        return List.copyOf(comments);
    }

    /** The last counters of each interface that has some. */
    public synchronized List<InterfaceStatistics> interfaceStatistics() {
        return List.copyOf(statistics.values());
    }

    /** What was odd about the file but did not keep it from being read. */
    public synchronized List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** How many sections, names, remarks and warnings were left out for want of room. */
    public synchronized long omitted() {
        return omitted;
    }

    /** What the last counters of all interfaces say was dropped. */
    synchronized long drops() {
        long drops = 0;
        for (InterfaceStatistics counters : statistics.values()) {
            drops += Math.max(0, counters.droppedByInterface());
            drops += Math.max(0, counters.droppedBySystem());
        }
        return drops;
    }

    synchronized boolean add(CaptureInterface described) {
        if (interfaces.size() == MOST_INTERFACES) {
            return false;
        }
        boolean room =
                fits(
                        described.name(),
                        described.description(),
                        described.filter(),
                        described.operatingSystem(),
                        described.hardware(),
                        described.comment());
        interfaces.add(room ? described : withoutTexts(described));
        return true;
    }

    private static CaptureInterface withoutTexts(CaptureInterface full) {
        return new CaptureInterface(
                full.number(),
                full.section(),
                full.linkType(),
                full.snapLength(),
                "",
                "",
                "",
                "",
                "",
                full.speedBits(),
                "");
    }

    synchronized void add(Section section) {
        if (fits(
                section.hardware(),
                section.operatingSystem(),
                section.application(),
                section.comment())) {
            sections.add(section);
        }
    }

    synchronized void add(Names entry) {
        if (fits(entry.names().toArray(new String[0]))) {
            names.add(entry);
        }
    }

    synchronized void add(PacketComment comment) {
        if (fits(comment.text())) {
            comments.add(comment);
        }
    }

    synchronized void put(InterfaceStatistics counters) {
        statistics.put(counters.interfaceNumber(), counters);
    }

    synchronized void warn(String warning) {
        if (warnings.size() < MOST_WARNINGS && fits(warning)) {
            if (!warnings.contains(warning)) {
                warnings.add(warning);
            }
        } else {
            omitted++;
        }
    }

    private boolean fits(String... texts) {
        long bytes = textBytes + ENTRY_BYTES;
        for (String text : texts) {
            bytes += 2L * text.length();
        }
        if (bytes > MOST_TEXT_BYTES) {
            omitted++;
            return false;
        }
        textBytes = bytes;
        return true;
    }
}
