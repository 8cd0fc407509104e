package io.flowscope.capture;

/**
 * An interface as a pcapng file describes it. What the file does not say is an empty text or 0.
 *
 * @param number its number in the whole file, as in the packets' descriptors: interfaces of later
 *     sections count on
 * @param section the section it belongs to, from 0
 * @param linkType the LINKTYPE_ number
 * @param snapLength no packet is longer than that in the file; 0 for no limit
 * @param name such as {@code eth0}
 * @param description for people
 * @param filter the filter that was set, as text
 * @param operatingSystem of the machine that captured
 * @param hardware of the interface
 * @param speedBits bits per second
 * @param comment somebody's remark
 */
public record CaptureInterface(
        int number,
        int section,
        int linkType,
        int snapLength,
        String name,
        String description,
        String filter,
        String operatingSystem,
        String hardware,
        long speedBits,
        String comment) {}
