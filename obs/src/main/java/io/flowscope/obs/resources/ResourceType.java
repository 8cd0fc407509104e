package io.flowscope.obs.resources;

/** What is limited. */
public enum ResourceType {
    /** Processor time, in microseconds. */
    CPU("cpu"),
    /** Memory, in bytes. */
    MEMORY("memory"),
    /** Bytes read from and written to block devices. */
    IO("io");

    private final String label;

    ResourceType(String label) {
        this.label = label;
    }

    /** The name in metrics. */
    public String label() {
        return label;
    }
}
