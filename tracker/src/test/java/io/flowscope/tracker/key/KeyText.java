package io.flowscope.tracker.key;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** An oracle's flow as the text of our key, and whether its first endpoint is our second. */
record KeyText(String key, boolean swapped) {
    static KeyText of(Map<?, ?> flow) {
        List<?> first = (List<?>) flow.get("a");
        List<?> second = (List<?>) flow.get("b");
        byte[] one = bytes((String) first.get(0));
        byte[] other = bytes((String) second.get(0));
        long onePort = (Long) first.get(1);
        long otherPort = (Long) second.get(1);
        int order = Arrays.compareUnsigned(one, other);
        boolean swapped = order > 0 || (order == 0 && onePort > otherPort);
        String protocol = "tcp".equals(flow.get("proto")) ? "6 " : "17 ";
        String a = endpoint((String) first.get(0), onePort);
        String b = endpoint((String) second.get(0), otherPort);
        return new KeyText(protocol + (swapped ? b + " <-> " + a : a + " <-> " + b), swapped);
    }

    private static String endpoint(String address, long port) {
        return address.contains(":") ? "[" + address + "]:" + port : address + ":" + port;
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }
}
