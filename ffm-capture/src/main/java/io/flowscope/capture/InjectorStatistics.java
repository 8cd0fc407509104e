package io.flowscope.capture;

/**
 * What an injector did.
 *
 * @param packets handed to the kernel
 * @param bytes of these
 * @param refused the kernel refused to send them
 * @param tooLong did not fit the interface, and were left out
 * @param otherLink were of a link type that the interface does not have, and were left out
 * @param truncated were sent although they are not whole
 */
public record InjectorStatistics(
        long packets, long bytes, long refused, long tooLong, long otherLink, long truncated) {}
