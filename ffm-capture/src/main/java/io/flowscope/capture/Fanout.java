package io.flowscope.capture;

/**
 * How several rings share the packets of one interface: each packet goes to one of them.
 *
 * @param group 0 to 65535, the same for all rings that share; without meaning if unique
 * @param mode how a ring is chosen
 * @param defragment put fragments together first, so that all of a packet go to one ring
 * @param rollover give to another ring while the chosen one is full
 * @param unique let the kernel choose a group number that nobody else has; for the first ring of a
 *     group
 */
public record Fanout(int group, Mode mode, boolean defragment, boolean rollover, boolean unique) {
    /** How the kernel chooses a ring. */
    public enum Mode {
        /** By flow: both directions of a conversation go to the same ring. */
        HASH(0),
        /** One after the other. */
        LOAD_BALANCE(1),
        /** By the processor on which the packet arrived. */
        CPU(2),
        /** The first until it is full, then the next. */
        ROLLOVER(3),
        /** At random. */
        RANDOM(4),
        /** By the queue of the network adapter. */
        QUEUE(5);

        final int number;

        Mode(int number) {
            this.number = number;
        }
    }

    /** Refuses a group number that does not exist. */
    public Fanout {
        if (group < 0 || group > 0xffff) {
            throw new IllegalArgumentException("group: 0 to 65535, was " + group);
        }
    }

    /** By flow, fragments put together, in a group of this number. */
    public static Fanout byFlow(int group) {
        return new Fanout(group, Mode.HASH, true, false, false);
    }

    /** By flow, fragments put together, in a group that nobody else has. */
    public static Fanout byFlow() {
        return new Fanout(0, Mode.HASH, true, false, true);
    }

    Fanout inGroup(int number) {
        return new Fanout(number, mode, defragment, rollover, false);
    }
}
