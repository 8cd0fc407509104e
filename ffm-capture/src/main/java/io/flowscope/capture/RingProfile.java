package io.flowscope.capture;

/** Sizes of a ring that suit a purpose. */
public enum RingProfile {
    /** Many packets, few wake-ups: 64 blocks of 1 MiB, handed over after 10 ms at the latest. */
    THROUGHPUT(1 << 20, 64, 10, 65535),
    /** Soon rather than many: 64 blocks of 128 KiB, handed over after 1 ms at the latest. */
    LOW_LATENCY(1 << 17, 64, 1, 65535),
    /** For many rings or small machines: 16 blocks of 128 KiB, after 50 ms at the latest. */
    LOW_MEMORY(1 << 17, 16, 50, 65535),
    /** Frames of up to 256 KiB, as merged by the kernel: 32 blocks of 4 MiB, after 10 ms. */
    JUMBO(1 << 22, 32, 10, 262144);

    final int blockBytes;
    final int blockCount;
    final int retireMillis;
    final int snapBytes;

    RingProfile(int blockBytes, int blockCount, int retireMillis, int snapBytes) {
        this.blockBytes = blockBytes;
        this.blockCount = blockCount;
        this.retireMillis = retireMillis;
        this.snapBytes = snapBytes;
    }
}
