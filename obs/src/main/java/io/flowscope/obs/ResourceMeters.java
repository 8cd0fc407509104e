package io.flowscope.obs;

import io.flowscope.obs.resources.ResourceMonitor;
import io.flowscope.obs.resources.ResourceState;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Limits and use of resources; what is not limited has no limit, utilisation or alert level. */
final class ResourceMeters implements Section {
    /** Namespaces that keep their name. */
    private static final int NAMESPACES = 200;

    private final String prefix;
    private final ResourceMonitor monitor;
    private final LabelLimiter namespaces = new LabelLimiter(NAMESPACES);
    private volatile Map<List<String>, ResourceState> states = Map.of();

    ResourceMeters(String prefix, ResourceMonitor monitor) {
        this.prefix = prefix;
        this.monitor = monitor;
    }

    /** Takes what the monitor saw last; of several namespaces that are other, the worst. */
    private void take() {
        Map<List<String>, ResourceState> now = new HashMap<>();
        for (ResourceState state : monitor.states()) {
            now.merge(
                    List.of(state.reading().type().label(), namespaces.label(state.namespace())),
                    state,
                    (a, b) -> a.utilizationPercent() >= b.utilizationPercent() ? a : b);
        }
        states = now;
    }

    @Override
    public void refresh(Leaf leaf) {
        Set<List<String>> keys = new HashSet<>(states.keySet());
        take();
        keys.addAll(states.keySet());
        for (List<String> key : keys) {
            refresh(leaf, key);
        }
    }

    private void refresh(Leaf leaf, List<String> key) {
        ResourceState state = states.get(key);
        boolean there = state != null;
        boolean limited = state != null && state.reading().limited();
        boolean known = state != null && limited && !Double.isNaN(state.utilizationPercent());
        String[] tags = {MetricNames.RESOURCE_TYPE, key.get(0), MetricNames.NAMESPACE, key.get(1)};
        leaf.gaugeIf(
                limited,
                prefix + MetricNames.RESOURCE_LIMIT,
                "Limit of the control group: bytes of memory, bytes per second of io,"
                        + " microseconds of cpu per period",
                () -> value(key, s -> s.reading().limit()),
                tags);
        leaf.gaugeIf(
                there,
                prefix + MetricNames.RESOURCE_USAGE,
                "Use by the control group: bytes of memory, bytes of io so far,"
                        + " microseconds of cpu so far",
                () -> value(key, s -> s.reading().usage()),
                tags);
        leaf.gaugeIf(
                known,
                prefix + MetricNames.RESOURCE_UTILIZATION,
                "Use as a share of the limit, in percent; above 100 it is exceeded",
                () -> value(key, ResourceState::utilizationPercent),
                tags);
        leaf.gaugeIf(
                known,
                prefix + MetricNames.RESOURCE_ALERT_LEVEL,
                "How near the limit: 0 not, 1 from 80 %, 2 from 90 %, 3 from 95 %, or as chosen",
                () -> value(key, s -> s.level().number()),
                tags);
    }

    private double value(
            List<String> key, java.util.function.ToDoubleFunction<ResourceState> field) {
        ResourceState state = states.get(key);
        return state == null ? Double.NaN : field.applyAsDouble(state);
    }
}
