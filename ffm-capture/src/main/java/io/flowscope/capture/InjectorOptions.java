package io.flowscope.capture;

import java.util.ArrayList;
import java.util.List;

/**
 * What an {@link Injector} is to do.
 *
 * @param interfaceName to send on
 * @param ringFrames frames that can wait to be sent
 * @param maxPacketsPerSecond 0: as fast as possible
 * @param maxBitsPerSecond of the frames' bytes, 0: as fast as possible
 * @param bypassQueue hand frames to the driver past the queueing discipline: faster, but what the
 *     driver has no room for is lost uncounted
 */
public record InjectorOptions(
        String interfaceName,
        int ringFrames,
        double maxPacketsPerSecond,
        double maxBitsPerSecond,
        boolean bypassQueue) {
    /** Refuses values that make no sense, all of them in one message. */
    public InjectorOptions {
        List<String> wrong = new ArrayList<>();
        if (interfaceName.isEmpty()) {
            wrong.add("interfaceName: a name, was empty");
        }
        if (ringFrames < 16 || ringFrames > 1 << 16) {
            wrong.add("ringFrames: 16 to 65536, was " + ringFrames);
        }
        if (!(maxPacketsPerSecond >= 0)) {
            wrong.add("maxPacketsPerSecond: at least 0, was " + maxPacketsPerSecond);
        }
        if (!(maxBitsPerSecond >= 0)) {
            wrong.add("maxBitsPerSecond: at least 0, was " + maxBitsPerSecond);
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", wrong));
        }
    }

    /** As fast as possible, through the queue. */
    public static InjectorOptions of(String interfaceName) {
        return new InjectorOptions(interfaceName, 512, 0, 0, false);
    }

    /** The same with a limit to the packets per second; 0: none. */
    public InjectorOptions withPacketsPerSecond(double limit) {
        return new InjectorOptions(interfaceName, ringFrames, limit, maxBitsPerSecond, bypassQueue);
    }

    /** The same with a limit to the bits per second; 0: none. */
    public InjectorOptions withBitsPerSecond(double limit) {
        return new InjectorOptions(
                interfaceName, ringFrames, maxPacketsPerSecond, limit, bypassQueue);
    }

    /** The same past the queueing discipline. */
    public InjectorOptions withoutQueue() {
        return new InjectorOptions(
                interfaceName, ringFrames, maxPacketsPerSecond, maxBitsPerSecond, true);
    }
}
