package io.flowscope.capture.filter;

import java.util.regex.Pattern;

/** The text form of an Ethernet address: six bytes in hexadecimal between colons or dashes. */
final class EthernetAddress {
    private static final Pattern FORM =
            Pattern.compile(
                    "[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}|[0-9a-fA-F]{1,2}(-[0-9a-fA-F]{1,2}){5}");

    private EthernetAddress() {}

    static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    /** The 48 bits of a valid address. */
    static long parse(String text) {
        long bits = 0;
        for (String part : text.split("[:-]", -1)) {
            bits = bits << 8 | Integer.parseInt(part, 16);
        }
        return bits;
    }
}
