package io.flowscope.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a {@link PcapCapture} is to do.
 *
 * @param device as libpcap names it; {@code any} for all interfaces at once
 * @param snapBytes at most so much of a packet is captured
 * @param promiscuous see packets for other hosts as well
 * @param timeoutMillis packets are handed over after this time at the latest
 * @param bufferBytes of the kernel, 0: libpcap's default
 * @param filter what to capture, empty for everything
 */
public record PcapOptions(
        String device,
        int snapBytes,
        boolean promiscuous,
        int timeoutMillis,
        int bufferBytes,
        String filter) {
    private static final int MAX_SNAP_BYTES = 1 << 18;

    /** Refuses values that make no sense, all of them in one message. */
    public PcapOptions {
        Objects.requireNonNull(filter);
        List<String> wrong = new ArrayList<>();
        if (device.isEmpty()) {
            wrong.add("device: a name, was empty");
        }
        if (snapBytes < 1 || snapBytes > MAX_SNAP_BYTES) {
            wrong.add("snapBytes: 1 to %d, was %d".formatted(MAX_SNAP_BYTES, snapBytes));
        }
        if (timeoutMillis < 1) {
            wrong.add("timeoutMillis: at least 1, was " + timeoutMillis);
        }
        if (bufferBytes < 0) {
            wrong.add("bufferBytes: at least 0, was " + bufferBytes);
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", wrong));
        }
    }

    /** Everything a device sees, handed over after 10 ms at the latest. */
    public static PcapOptions of(String device) {
        return new PcapOptions(device, 65535, false, 10, 0, "");
    }

    /** The same with a filter. */
    public PcapOptions withFilter(String expression) {
        return new PcapOptions(
                device, snapBytes, promiscuous, timeoutMillis, bufferBytes, expression);
    }

    /** The same, seeing packets for other hosts as well or not. */
    public PcapOptions withPromiscuous(boolean on) {
        return new PcapOptions(device, snapBytes, on, timeoutMillis, bufferBytes, filter);
    }

    /** The same with another limit to what is captured of a packet. */
    public PcapOptions withSnapBytes(int bytes) {
        return new PcapOptions(device, bytes, promiscuous, timeoutMillis, bufferBytes, filter);
    }
}
