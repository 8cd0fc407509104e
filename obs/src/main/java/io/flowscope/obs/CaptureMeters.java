package io.flowscope.obs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Statistics of the sources of packets. Sources that share a label are added up; of a source that
 * was closed, or cannot say, the last numbers are kept, so that no counter goes back.
 */
final class CaptureMeters implements Section {
    private final LabelLimiter labels;
    private final Map<String, List<Source>> sources = new LinkedHashMap<>();
    private final Map<String, CaptureNumbers> closed = new LinkedHashMap<>();

    CaptureMeters(int names) {
        labels = new LabelLimiter(names);
    }

    /** A source and what it said last. */
    private static final class Source {
        private final Supplier<CaptureNumbers> function;
        private CaptureNumbers last = CaptureNumbers.NONE;

        Source(Supplier<CaptureNumbers> function) {
            this.function = function;
        }

        CaptureNumbers ask() {
            try {
                last = function.get();
            } catch (RuntimeException notAnyMore) {
                return last;
            }
            return last;
        }
    }

    /** Adds a source; what is returned takes it out again and keeps its last numbers. */
    synchronized AutoCloseable add(String name, Supplier<CaptureNumbers> function) {
        String label = labels.label(name);
        Source source = new Source(function);
        sources.computeIfAbsent(label, l -> new ArrayList<>()).add(source);
        return () -> close(label, source);
    }

    private synchronized void close(String label, Source source) {
        if (sources.getOrDefault(label, List.of()).remove(source)) {
            closed.merge(label, source.ask(), CaptureNumbers::plus);
        }
    }

    synchronized CaptureNumbers sum(String label) {
        CaptureNumbers sum = closed.getOrDefault(label, CaptureNumbers.NONE);
        for (Source source : sources.getOrDefault(label, List.of())) {
            sum = sum.plus(source.ask());
        }
        return sum;
    }

    private synchronized List<String> names() {
        return List.copyOf(sources.keySet());
    }

    @Override
    public void refresh(Leaf leaf) {
        for (String label : names()) {
            String[] tags = {MetricNames.SOURCE, label};
            leaf.counterOnce(
                    MetricNames.CAPTURE_PACKETS,
                    "Packets that a source has received or lost",
                    () -> sum(label).packets(),
                    tags);
            leaf.counterOnce(
                    MetricNames.CAPTURE_DROPS,
                    "Packets that a source has lost because nobody read in time",
                    () -> sum(label).drops(),
                    tags);
            leaf.counterOnce(
                    MetricNames.CAPTURE_FREEZES,
                    "How often a source's ring was full",
                    () -> sum(label).freezes(),
                    tags);
            leaf.gaugeIf(
                    true,
                    MetricNames.CAPTURE_DROP_RATIO,
                    "Packets lost as a share of all since the source was opened",
                    () -> sum(label).dropRatio(),
                    tags);
        }
    }
}
