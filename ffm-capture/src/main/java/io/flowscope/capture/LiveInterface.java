package io.flowscope.capture;

import java.util.List;

/**
 * A network interface of this machine, as it was when it was asked for.
 *
 * @param name to open it with
 * @param index the kernel's number
 * @param up switched on
 * @param running has a link: something is at the other end
 * @param loopback leads back to this machine
 * @param operationalState in the kernel's words, such as {@code up}, {@code lowerlayerdown}
 * @param mtuBytes longest packet without link header
 * @param linkType LINKTYPE_ number of what a ring captures from it; -1 if only libpcap can
 * @param hardwareAddress such as {@code 02:00:00:00:00:01}, empty if it has none
 * @param addresses IP addresses with prefix lengths, such as {@code 10.0.0.1/8}
 */
public record LiveInterface(
        String name,
        int index,
        boolean up,
        boolean running,
        boolean loopback,
        String operationalState,
        int mtuBytes,
        int linkType,
        String hardwareAddress,
        List<String> addresses) {
    /** Keeps a copy of the list. */
    public LiveInterface {
        addresses = List.copyOf(addresses);
    }
}
