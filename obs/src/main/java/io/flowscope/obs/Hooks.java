package io.flowscope.obs;

import io.flowscope.obs.trace.TracingHook;
import io.flowscope.tracker.FlowHook;
import io.flowscope.tracker.FlowHookProvider;
import io.micrometer.core.instrument.Metrics;

/**
 * Found by trackers whose options name no hook: metrics go to Micrometer's global registry. Each
 * half is in a class of its own, so that metrics load nothing of log4j, nor tracing of Micrometer.
 */
public final class Hooks implements FlowHookProvider {
    /** For {@link java.util.ServiceLoader}. */
    public Hooks() {}

    private static final class Global {
        static FlowHook hook() {
            return FlowMetrics.of(Metrics.globalRegistry).hook();
        }
    }

    private static final class Tracing {
        static final FlowHook HOOK = new TracingHook();
    }

    @Override
    public FlowHook metrics() {
        return Global.hook();
    }

    @Override
    public FlowHook tracing() {
        return Tracing.HOOK;
    }
}
