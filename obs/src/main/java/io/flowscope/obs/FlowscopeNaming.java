package io.flowscope.obs;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.NamingConvention;

import org.jspecify.annotations.Nullable;

/**
 * Leaves our names as they are and gives all others to the convention that the registry had before:
 * a host service's meters keep their names. Without it a Prometheus registry would call {@code
 * flowscope_flows_created_total} {@code flowscope_flows_total}.
 */
final class FlowscopeNaming implements NamingConvention {
    private final NamingConvention others;
    private final String prefix;

    private FlowscopeNaming(NamingConvention others, String prefix) {
        this.others = others;
        this.prefix = prefix;
    }

    /**
     * Gives a registry this convention, before any of our meters is bound; once is enough.
     *
     * @param prefix what names of the second half start with
     */
    static void install(MeterRegistry registry, String prefix) {
        NamingConvention present = registry.config().namingConvention();
        if (!(present instanceof FlowscopeNaming ours && ours.prefix.equals(prefix))) {
            registry.config().namingConvention(new FlowscopeNaming(present, prefix));
        }
    }

    private boolean isOurs(String name) {
        return name.startsWith(MetricNames.DEFAULT_PREFIX) || name.startsWith(prefix);
    }

    @Override
    public String name(String name, Meter.Type type, @Nullable String baseUnit) {
        return isOurs(name) ? name : others.name(name, type, baseUnit);
    }

    @Override
    public String tagKey(String key) {
        return others.tagKey(key);
    }

    @Override
    public String tagValue(String value) {
        return others.tagValue(value);
    }
}
