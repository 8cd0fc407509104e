package io.flowscope.bindings.pcap;

import io.flowscope.bindings.linux.SocketAddresses;
import io.flowscope.bindings.linux.sockaddr_ll;
import io.flowscope.bindings.memory.Pointers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The list of devices that libpcap can capture from. */
public final class PcapDevices {
    /** libpcap copies a {@code sockaddr_ll} by its size: of InfiniBand's 20 bytes only these. */
    private static final int MOST_HARDWARE_BYTES =
            (int) (sockaddr_ll.sizeof() - sockaddr_ll.sll_addr$offset());

    private PcapDevices() {}

    /**
     * Adds all devices to a list; without privileges there may be none.
     *
     * @param error 256 bytes of {@link PcapErrors#buffer}
     * @return how many, or {@code PCAP_ERROR} with a message in {@code error}
     */
    public static int findAll(MemorySegment error, List<PcapDevice> found) {
        Libpcap.ensureAvailable();
        try (Arena call = Arena.ofConfined()) {
            MemorySegment head = call.allocate(pcap_h.C_POINTER);
            int status = pcap_h.pcap_findalldevs(head, error);
            if (status != 0) {
                return status;
            }
            MemorySegment first = head.get(pcap_h.C_POINTER, 0);
            try {
                return copyAll(first, found);
            } finally {
                pcap_h.pcap_freealldevs(first);
            }
        }
    }

    private static int copyAll(MemorySegment first, List<PcapDevice> found) {
        int count = 0;
        MemorySegment next = first;
        while (!Pointers.isNull(next)) {
            MemorySegment entry = Pointers.sized(next, pcap_if.sizeof());
            found.add(
                    new PcapDevice(
                            Pointers.requiredText(pcap_if.name(entry)),
                            Pointers.text(pcap_if.description(entry)),
                            pcap_if.flags(entry),
                            addresses(pcap_if.addresses(entry))));
            count++;
            next = pcap_if.next(entry);
        }
        return count;
    }

    private static List<MemorySegment> addresses(MemorySegment first) {
        List<MemorySegment> copies = new ArrayList<>();
        MemorySegment next = first;
        while (!Pointers.isNull(next)) {
            MemorySegment entry = Pointers.sized(next, pcap_addr.sizeof());
            copies.add(SocketAddresses.copyOf(pcap_addr.addr(entry), MOST_HARDWARE_BYTES));
            next = pcap_addr.next(entry);
        }
        return copies;
    }
}
