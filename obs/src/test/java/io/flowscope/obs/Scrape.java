package io.flowscope.obs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page in Prometheus' text format, taken apart. */
final class Scrape {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-z_0-9A-Z]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    final Map<String, String> types = new TreeMap<>();
    final Map<String, String> help = new TreeMap<>();

    /** By name and sorted labels, as {@code name{a=b,c=d}}. */
    final Map<String, Double> samples = new LinkedHashMap<>();

    Scrape(String text) {
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("# TYPE ")) {
                String[] parts = line.split(" ", 4);
                types.put(parts[2], parts[3]);
            } else if (line.startsWith("# HELP ")) {
                String[] parts = line.split(" ", 4);
                help.put(parts[2], parts[3]);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                Matcher sample = SAMPLE.matcher(line);
                if (!sample.matches()) {
                    throw new IllegalArgumentException(line);
                }
                TreeSet<String> labels = new TreeSet<>();
                if (sample.group(2) != null) {
                    Matcher label = LABEL.matcher(sample.group(2));
                    while (label.find()) {
                        labels.add(label.group(1) + "=" + label.group(2));
                    }
                }
                samples.put(
                        sample.group(1)
                                + (labels.isEmpty() ? "" : "{" + String.join(",", labels) + "}"),
                        "+Inf".equals(sample.group(3))
                                ? Double.POSITIVE_INFINITY
                                : Double.parseDouble(sample.group(3)));
            }
        }
    }

    double value(String series) {
        Double value = samples.get(series);
        if (value == null) {
            throw new AssertionError(
                    "no " + series + " in\n" + String.join("\n", samples.keySet()));
        }
        return value;
    }

    boolean has(String series) {
        return samples.containsKey(series);
    }
}
