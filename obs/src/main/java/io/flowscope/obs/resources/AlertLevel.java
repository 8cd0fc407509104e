package io.flowscope.obs.resources;

/** How near its limit a resource is. */
public enum AlertLevel {
    /** Below all thresholds. */
    NONE,
    /** At or above the first threshold. */
    WARNING,
    /** At or above the second threshold. */
    CRITICAL,
    /** At or above the third threshold. */
    EMERGENCY;

    /** The number in metrics, 0 to 3. */
    @SuppressWarnings("EnumOrdinal") // the order of the levels is their meaning
    public int number() {
        return ordinal();
    }
}
