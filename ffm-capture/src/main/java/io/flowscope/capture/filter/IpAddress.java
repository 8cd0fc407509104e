package io.flowscope.capture.filter;

import org.jspecify.annotations.Nullable;

/** The text forms of IP addresses. Nothing is looked up. */
final class IpAddress {
    private IpAddress() {}

    /**
     * The parts of a dotted number, one to four of them, each 0 to 255; null if the text is none.
     */
    static int @Nullable [] dotted(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length > 4) {
            return null;
        }
        int[] values = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].matches("[0-9]{1,3}") || Integer.parseInt(parts[i]) > 255) {
                return null;
            }
            values[i] = Integer.parseInt(parts[i]);
        }
        return values;
    }

    /** The dotted parts as the upper bytes of an address. */
    static int leftAligned(int[] parts) {
        int address = 0;
        for (int i = 0; i < 4; i++) {
            address = address << 8 | (i < parts.length ? parts[i] : 0);
        }
        return address;
    }

    /** The four words of an IPv6 address, most significant first; null if the text is none. */
    static int @Nullable [] parse6(String text) {
        int gap = text.indexOf("::");
        short[] head = groups(gap < 0 ? text : text.substring(0, gap), gap >= 0);
        short[] tail = gap < 0 ? new short[0] : groups(text.substring(gap + 2), true);
        if (head == null || tail == null) {
            return null;
        }
        int present = head.length + tail.length;
        if (gap < 0 ? present != 8 : present > 7) {
            return null;
        }
        short[] all = new short[8];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(tail, 0, all, 8 - tail.length, tail.length);
        int[] words = new int[4];
        for (int i = 0; i < 4; i++) {
            words[i] = all[2 * i] << 16 | (all[2 * i + 1] & 0xffff);
        }
        return words;
    }

    private static short @Nullable [] groups(String text, boolean mayBeEmpty) {
        if (text.isEmpty()) {
            return mayBeEmpty ? new short[0] : null;
        }
        String[] parts = text.split(":", -1);
        boolean dotted = parts[parts.length - 1].indexOf('.') >= 0;
        short[] groups = new short[parts.length + (dotted ? 1 : 0)];
        for (int i = 0; i < parts.length - (dotted ? 1 : 0); i++) {
            if (!parts[i].matches("[0-9a-fA-F]{1,4}")) {
                return null;
            }
            groups[i] = (short) Integer.parseInt(parts[i], 16);
        }
        if (dotted) {
            int[] quad = dotted(parts[parts.length - 1]);
            if (quad == null || quad.length != 4) {
                return null;
            }
            groups[groups.length - 2] = (short) (quad[0] << 8 | quad[1]);
            groups[groups.length - 1] = (short) (quad[2] << 8 | quad[3]);
        }
        return groups.length > 8 ? null : groups;
    }
}
