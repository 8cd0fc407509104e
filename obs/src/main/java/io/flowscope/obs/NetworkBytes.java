package io.flowscope.obs;

/** Payload bytes of this host's processes, in those series that have any. */
record NetworkBytes(String prefix, TrackerTotals totals, LabelLimiter processes)
        implements Section {
    @Override
    public void refresh(Leaf leaf) {
        int owners = processes.size();
        for (int owner = 0; owner < owners; owner++) {
            counter(leaf, owner, true);
            counter(leaf, owner, false);
        }
    }

    private void counter(Leaf leaf, int owner, boolean sent) {
        if (totals.bytes(owner, sent) != 0) {
            leaf.counterOnce(
                    prefix + MetricNames.NETWORK_BYTES,
                    "Payload bytes that this host has sent and received",
                    () -> totals.bytes(owner, sent),
                    MetricNames.TYPE,
                    "NET",
                    MetricNames.PROCESS_NAME,
                    processes.label(owner),
                    MetricNames.DIRECTION,
                    sent ? "send" : "recv");
        }
    }
}
