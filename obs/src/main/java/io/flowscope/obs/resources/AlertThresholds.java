package io.flowscope.obs.resources;

/**
 * From which utilisation on which level holds, in percent.
 *
 * @param warning for {@link AlertLevel#WARNING}
 * @param critical for {@link AlertLevel#CRITICAL}
 * @param emergency for {@link AlertLevel#EMERGENCY}
 */
public record AlertThresholds(double warning, double critical, double emergency) {
    /** 80, 90 and 95 percent. */
    public static final AlertThresholds DEFAULT = new AlertThresholds(80, 90, 95);

    /** Checks that they rise. */
    public AlertThresholds {
        if (!(0 < warning && warning < critical && critical < emergency)) {
            throw new IllegalArgumentException(
                    "thresholds: must rise and be above 0, were "
                            + warning
                            + ", "
                            + critical
                            + ", "
                            + emergency);
        }
    }

    /** The level at a utilisation. */
    public AlertLevel levelAt(double percent) {
        if (percent >= emergency) {
            return AlertLevel.EMERGENCY;
        }
        if (percent >= critical) {
            return AlertLevel.CRITICAL;
        }
        return percent >= warning ? AlertLevel.WARNING : AlertLevel.NONE;
    }
}
