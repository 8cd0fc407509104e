package io.flowscope.tracker;

import io.flowscope.tracker.key.KeyBuffer;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.table.FlowTable;

/** One packet of a batch between its decoding and its turn. */
final class Lane {
    final PacketCursor packet = new PacketCursor();
    final KeyBuffer key = new KeyBuffer();

    /** State: the packet has no key. */
    static final int UNKEYED = 0;

    /** State: the key is the packet's, and the hash its. */
    static final int KEYED = 1;

    /** State: the packet is a part of a datagram, which only its turn gives a key. */
    static final int FRAGMENT = 2;

    /** State: keyed, and fragments that came before are to be counted with this packet. */
    static final int BRINGS_WAITING = 3;

    int state = UNKEYED;

    int hash;

    /** The record that will probably be found; checked when it is the packet's turn. */
    int guess = FlowTable.NONE;
}
