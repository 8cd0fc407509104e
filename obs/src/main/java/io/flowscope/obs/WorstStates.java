package io.flowscope.obs;

import io.flowscope.obs.resources.ResourceMonitor;
import io.flowscope.obs.resources.ResourceState;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What all monitors saw last, by type and label of the namespace; of several under the same key the
 * worst: namespaces can share {@code other}, and two monitors a namespace.
 */
final class WorstStates {
    /** What is not limited, or not known yet, is better than any number. */
    private static final Comparator<ResourceState> BY_USE =
            Comparator.comparing(WorstStates::isKnown)
                    .thenComparingDouble(ResourceState::utilizationPercent)
                    .thenComparing(s -> s.reading().limited())
                    .thenComparingLong(s -> s.reading().usage());

    private final List<ResourceMonitor> monitors = new CopyOnWriteArrayList<>();
    private final LabelLimiter namespaces;

    WorstStates(LabelLimiter namespaces) {
        this.namespaces = namespaces;
    }

    private static boolean isKnown(ResourceState state) {
        return !Double.isNaN(state.utilizationPercent());
    }

    void add(ResourceMonitor monitor) {
        monitors.add(monitor);
    }

    List<ResourceMonitor> monitors() {
        return monitors;
    }

    Map<List<String>, ResourceState> take() {
        Map<List<String>, ResourceState> worst = new HashMap<>();
        for (ResourceMonitor monitor : monitors) {
            for (ResourceState state : monitor.states()) {
                worst.merge(
                        List.of(
                                state.reading().type().label(),
                                namespaces.label(state.namespace())),
                        state,
                        (a, b) -> BY_USE.compare(a, b) >= 0 ? a : b);
            }
        }
        return worst;
    }
}
