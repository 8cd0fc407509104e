package io.flowscope.tracker;

import io.flowscope.tracker.key.KeyBuffer;
import io.flowscope.tracker.key.KeyExtractor;
import io.flowscope.tracker.key.KeyHash;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;

/** Reads the packet that an ICMP error quotes, and whose flow that is. */
final class QuotedPackets {
    private final PacketDecoder decoder;
    private final KeyExtractor extractor;
    private final KeyHash hasher;
    private final PacketCursor packet = new PacketCursor();
    private final KeyBuffer key = new KeyBuffer();
    private int hash;

    QuotedPackets(PacketDecoder decoder, KeyExtractor extractor, KeyHash hasher) {
        this.decoder = decoder;
        this.extractor = extractor;
        this.hasher = hasher;
    }

    /** Whether a packet is an error that quotes one with a key. */
    boolean read(PacketCursor error) {
        if (!decoder.decodeQuoted(error, packet) || !extractor.extract(packet, key)) {
            return false;
        }
        hash = (int) (hasher.hash(key) >>> 32);
        return true;
    }

    KeyBuffer key() {
        return key;
    }

    int hash() {
        return hash;
    }
}
