package io.flowscope.tracker;

import io.flowscope.tracker.key.KeyBuffer;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.table.FlowTable;

/** One packet of a batch between its decoding and its turn. */
final class Lane {
    final PacketCursor packet = new PacketCursor();
    final KeyBuffer key = new KeyBuffer();

    /** Whether the packet has a key, and the hash below is its. */
    boolean keyed;

    int hash;

    /** Whether the packet is a part of a datagram, which only its turn gives a key. */
    boolean fragment;

    /** Whether fragments that came before are to be counted with this packet. */
    boolean bringsWaiting;

    /** The record that will probably be found; checked when it is the packet's turn. */
    int guess = FlowTable.NONE;
}
