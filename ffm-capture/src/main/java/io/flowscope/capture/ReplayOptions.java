package io.flowscope.capture;

/**
 * How packets are replayed.
 *
 * @param speed 1: with the pauses they were captured with; 2: twice as fast; 0: without pauses, as
 *     fast as the injector's own limits allow
 * @param loops how often, 0: until stopped
 */
public record ReplayOptions(double speed, long loops) {
    /** Refuses values that make no sense. */
    public ReplayOptions {
        if (!(speed >= 0)) {
            throw new IllegalArgumentException("speed: at least 0, was " + speed);
        }
        if (loops < 0) {
            throw new IllegalArgumentException("loops: at least 0, was " + loops);
        }
    }

    /** Once, with the pauses they were captured with. */
    public static ReplayOptions originalTiming() {
        return new ReplayOptions(1, 1);
    }

    /** Once, without pauses. */
    public static ReplayOptions asFastAsPossible() {
        return new ReplayOptions(0, 1);
    }
}
