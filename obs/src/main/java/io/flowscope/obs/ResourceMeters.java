package io.flowscope.obs;

import io.flowscope.obs.resources.ResourceState;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Limits and use of resources; what is not limited has no limit, utilisation or alert level. */
final class ResourceMeters implements Section {
    private final String prefix;
    private final WorstStates worst;

    /** All that there ever were: bounded by types and labels. Guarded by whoever refreshes. */
    private final Set<List<String>> keys = new HashSet<>();

    private volatile Map<List<String>, ResourceState> states = Map.of();

    ResourceMeters(String prefix, WorstStates worst) {
        this.prefix = prefix;
        this.worst = worst;
    }

    @Override
    public void refresh(Leaf leaf) {
        states = worst.take();
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

    private double value(List<String> key, ToDoubleFunction<ResourceState> field) {
        ResourceState state = states.get(key);
        return state == null ? Double.NaN : field.applyAsDouble(state);
    }
}
