package io.flowscope.obs;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * This host's addresses, to be asked without allocating: a few pairs of longs, IPv4 in its mapped
 * form. Loopback is always this host's.
 */
final class AddressSet {
    private static final long MAPPED = 0xffff_0000_0000L;
    private static final long LOOPBACK_V4 = 127;

    /** A host with more than this many addresses is an error in whatever handed them over. */
    private static final int MOST = 4096;

    private final long[] words;

    AddressSet(Collection<InetAddress> addresses) {
        Set<InetAddress> distinct = new LinkedHashSet<>(addresses);
        words = new long[2 * Math.min(MOST, distinct.size())];
        int at = 0;
        for (InetAddress address : distinct) {
            if (at == words.length) {
                break;
            }
            byte[] bytes = address.getAddress();
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            boolean v4 = bytes.length == 4;
            words[at++] = v4 ? 0 : buffer.getLong(0);
            words[at++] = v4 ? MAPPED | buffer.getInt(0) & 0xffff_ffffL : buffer.getLong(8);
        }
    }

    /** Whether an address is in it; for version 4 the high half is not looked at. */
    boolean contains(int ipVersion, long high, long low) {
        if (ipVersion == 4) {
            return low >>> 24 == LOOPBACK_V4 || find(0, MAPPED | low);
        }
        return ipVersion == 6 && (high == 0 && low == 1 || find(high, low));
    }

    private boolean find(long high, long low) {
        for (int i = 0; i < words.length; i += 2) {
            if (words[i + 1] == low && words[i] == high) {
                return true;
            }
        }
        return false;
    }
}
