package io.flowscope.bench.pass;

import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowView;

/** The least that a user of flows does: hears of every one that ends and adds up its bytes. */
final class EndedFlows implements FlowListener {
    private long flows;
    private long bytes;

    @Override
    public void onEnded(FlowView flow, EndReason reason) {
        flows++;
        bytes += flow.bytes();
    }

    long flows() {
        return flows;
    }

    long bytes() {
        return bytes;
    }
}
