package io.flowscope.capture;

/** What is known about link types where packets are only carried. */
final class LinkTypes {
    private static final int DBUS = 231;
    private static final int USB_LINUX = 189;
    private static final int USB_LINUX_MMAPPED = 220;
    private static final int USBPCAP = 249;
    private static final int USB_DARWIN = 266;
    private static final int EBHSCR = 279;

    /** A message of D-Bus, and so a transfer of USB, may be this long. */
    private static final int MOST_MESSAGE_BYTES = 128 << 20;

    private LinkTypes() {}

    /** The longest packet that makes sense on a link, where others have {@code usual}. */
    static int largestPacket(int linkType, int usual) {
        return switch (linkType) {
            case DBUS -> MOST_MESSAGE_BYTES;
            case USB_LINUX, USB_LINUX_MMAPPED, USBPCAP, USB_DARWIN -> MOST_MESSAGE_BYTES;
            case EBHSCR -> Math.max(usual, 8 << 20);
            default -> usual;
        };
    }
}
