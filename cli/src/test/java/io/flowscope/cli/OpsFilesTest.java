package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.obs.server.Credentials;
import io.flowscope.obs.server.MetricsServerOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code obs/ops} says to other programs is what those, and this command, understand. */
@Execution(ExecutionMode.CONCURRENT)
class OpsFilesTest {
    private static final Path OPS = Needs.project().resolve("obs/ops");

    private static String read(String file) throws IOException {
        return Files.readString(OPS.resolve(file));
    }

    private static String group(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
        assertTrue(matcher.find(), pattern + " in " + text);
        return matcher.group(1);
    }

    private static Set<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theImageStartsTheModuleThatThereIsWithEveryJarItNeeds() throws IOException {
        String image = read("Dockerfile");
        Path cli = Needs.project().resolve("cli/src/main/java");
        String module =
                group("module (\\S+) \\{", Files.readString(cli.resolve("module-info.java")));
        String[] main =
                group("\"--module\", \"([^\"]+)\"", group("ENTRYPOINT (\\[.*?])", image))
                        .split("/", 2);
        assertEquals(module, main[0]);
        assertEquals(Flowscope.class.getName(), main[1]);
        assertTrue(image.contains("--enable-native-access=io.flowscope.bindings"), image);
        String place = group("\"--module-path\", \"([^\"]+)\"", image);
        assertTrue(image.contains("COPY --from=build /modules " + place + "\n"), image);
        Set<String> needed =
                all(
                        "<module>([^<]+)</module>",
                        Files.readString(Needs.project().resolve("pom.xml")));
        needed.remove("bench");
        Set<String> copied = Set.of(group("for m in ([^;]+);", image).split(" ", -1));
        assertEquals(needed, new TreeSet<>(copied));
    }

    @Test
    void optionsThatTheFilesTellOfAreTheCommandsOwn() throws IOException {
        Set<String> known = all("(--[a-z-]+)", Run.of("serve", "--help").out());
        assertTrue(known.size() > 20, known::toString);
        Set<String> told = new TreeSet<>();
        try (Stream<Path> files = Files.walk(OPS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                told.addAll(all("(--(?:metrics|push|no|local|teams|trace|max)-[a-z-]+)", text));
                for (String line : text.split("\n", -1)) {
                    Matcher ours = Pattern.compile("(?:flowscope |\")serve(.*)").matcher(line);
                    if (ours.find()) {
                        told.addAll(all("[ \"`](--[a-z-]+)", ours.group(1)));
                    }
                }
            }
        }
        // Of others: the image's package manager and its users.
        told.removeAll(Set.of("--no-create-home", "--no-install-recommends"));
        assertTrue(told.contains("--metrics-allow-remote"), told::toString);
        told.removeAll(known);
        assertEquals(Set.of(), told);
    }

    @Test
    void theKubernetesManifestGivesWhatTheCommandNeedsAndNoMore() throws IOException {
        String manifest = read("kubernetes/flowscope.yml");
        assertEquals("10001", group("runAsUser: (\\d+)", manifest));
        assertTrue(read("Dockerfile").contains("--uid 10001"));
        assertTrue(manifest.contains("runAsNonRoot: true"));
        assertEquals(Set.of("\"NET_RAW\""), all("add: \\[(.*)]", manifest));
        assertEquals(Set.of("\"ALL\""), all("drop: \\[(.*)]", manifest));
        assertTrue(manifest.contains("readOnlyRootFilesystem: true"));
        assertEquals("9464", group("containerPort: (\\d+)", manifest));
        assertEquals("9464", group("EXPOSE (\\d+)", read("Dockerfile")));
        assertEquals(Set.of("/readyz", "/healthz"), all("path: (/[a-z]+)", manifest));
        String annotation = group("(flowscope/scrape): \"true\"", manifest).replace('/', '_');
        assertTrue(read("prometheus-kubernetes.yml").contains(annotation), annotation);
    }

    @Test
    void addressesOfBothVersionsAreWrittenSoThatAPortCanFollow() throws IOException {
        String listening =
                group("\"(\\S*\\$\\(NODE_IP\\)\\S*)\"", read("kubernetes/flowscope.yml"));
        for (String node : List.of("192.0.2.7", "2001:db8::7")) {
            String address = listening.replace("$(NODE_IP)", node);
            MetricsServerOptions options =
                    MetricsServerOptions.builder()
                            .address(address)
                            .allowRemote(true)
                            .credentials(Credentials.bearer("t"))
                            .build();
            assertEquals(InetAddress.getByName(node), options.address().getAddress());
            assertEquals(9464, options.address().getPort());
        }
        assertEquals("192.0.2.7:9464", scraped("192.0.2.7;9464"));
        assertEquals("[2001:db8::7]:9464", scraped("2001:db8::7;9464"));
    }

    /**
     * The address that Prometheus makes of an address and a port: each rule takes all or nothing.
     */
    private static String scraped(String addressAndPort) throws IOException {
        Matcher rules =
                Pattern.compile(
                                "regex: (\\S+)\\n +target_label: __address__\\n"
                                        + " +replacement: \"?([^\"\\n]+)")
                        .matcher(read("prometheus-kubernetes.yml"));
        String address = "";
        while (rules.find()) {
            Matcher matcher = Pattern.compile(rules.group(1)).matcher(addressAndPort);
            if (matcher.matches()) {
                address = matcher.replaceFirst(rules.group(2));
            }
        }
        return address;
    }

    @Test
    void whatTheDashboardCountsPerSecondHasTheUnitOfWhatIsCounted() throws IOException {
        int checked = 0;
        for (Object each : list(map(Json.read(read("dashboards/flowscope.json"))), "panels")) {
            Map<?, ?> panel = map(each);
            for (Object target : list(panel, "targets")) {
                Matcher rate =
                        Pattern.compile("\\brate\\((\\w+)_total\\{")
                                .matcher((String) map(target).get("expr"));
                if (rate.find()) {
                    assertEquals(unit(rate.group(1)), unit(panel, target), rate::group);
                    checked++;
                }
            }
        }
        assertTrue(checked >= 15, checked + " rates of counters");
    }

    private static String unit(String counter) {
        if (counter.matches(".*_bytes(_.*)?")) {
            return "Bps";
        }
        return counter.matches(".*_(packets_unmatched|capture_packets|capture_drops)")
                ? "pps"
                : "cps";
    }

    /** A panel's unit for one of its queries. */
    private static Object unit(Map<?, ?> panel, Object target) {
        Map<?, ?> fields = map(panel.get("fieldConfig"));
        Object unit = map(fields.get("defaults")).get("unit");
        for (Object override : list(fields, "overrides")) {
            Map<?, ?> matcher = map(map(override).get("matcher"));
            assertEquals("byFrameRefID", matcher.get("id"));
            if (map(target).get("refId").equals(matcher.get("options"))) {
                Map<?, ?> property = map(list(map(override), "properties").getFirst());
                assertEquals("unit", property.get("id"));
                unit = property.get("value");
            }
        }
        return unit;
    }

    private static Map<?, ?> map(Object object) {
        return (Map<?, ?>) object;
    }

    private static List<?> list(Map<?, ?> of, String name) {
        return of.containsKey(name) ? (List<?>) of.get(name) : List.of();
    }

    @Test
    void composeMountsWhatIsThereAndItsPrometheusKnowsItsFlags() throws Exception {
        String compose = read("compose/compose.yml");
        Set<String> mounted = all("- (\\.{1,2}/[^:]+):/", compose);
        assertEquals(4, mounted.size(), mounted::toString);
        for (String each : mounted) {
            assertTrue(Files.exists(OPS.resolve("compose").resolve(each)), each);
        }
        String source = read("compose/provisioning/dashboards/flowscope.yml");
        assertTrue(compose.contains(":" + group("path: (\\S+)", source) + ":ro"), source);
        Needs.tool("prometheus");
        Run help = Run.process(new ProcessBuilder(List.of("prometheus", "--help")));
        Set<String> known = all("(--[a-z0-9.-]+)", help.out() + help.err());
        Set<String> flags = all("- (--[a-z.-]+)=", compose);
        assertEquals(3, flags.size(), flags::toString);
        flags.removeAll(known);
        assertEquals(Set.of(), flags);
    }
}
