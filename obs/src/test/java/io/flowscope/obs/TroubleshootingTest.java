package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.obs.server.MetricsServer;
import io.flowscope.obs.server.MetricsServerOptions;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs every command of the troubleshooting page, as it is printed. */
@Tag("slow")
class TroubleshootingTest {
    @TempDir private Path folder;

    @Test
    void everyCommandOnThePageSaysSomething() throws Exception {
        Needs.tool("curl");
        String prometheus = Needs.tool("prometheus");
        List<String> wrong = new ArrayList<>();
        try (Showcase showcase = new Showcase(Files.createDirectory(folder.resolve("host")));
                MetricsServer server =
                        MetricsServer.start(
                                MetricsServerOptions.builder().address("127.0.0.1:0").build(),
                                showcase.page(),
                                () -> true);
                PrometheusServer scraper =
                        new PrometheusServer(
                                prometheus,
                                folder,
                                "127.0.0.1:" + server.address().getPort(),
                                List.of())) {
            showcase.talk();
            long end = System.nanoTime() + 30_000_000_000L;
            while (scraper.query("flowscope_flows_active").isEmpty()) {
                assertTrue(System.nanoTime() < end, "nothing scraped in 30 s");
                Thread.sleep(200);
            }
            scraper.awaitScrapes(2);
            Map<String, String> environment =
                    Map.of(
                            "FLOWSCOPE",
                            "127.0.0.1:" + server.address().getPort(),
                            "PROMETHEUS",
                            scraper.address());
            List<String> commands = PrometheusTest.blocks("troubleshooting.md", "sh");
            assertTrue(commands.size() >= 9, commands.toString());
            for (String command : commands.subList(1, commands.size())) {
                // A rate needs two scrapes that went well, which on a busy machine may take a
                // while.
                for (int look = 0; ; look++) {
                    ProcessBuilder shell = new ProcessBuilder("sh", "-c", command);
                    shell.environment().putAll(environment);
                    shell.redirectErrorStream(true);
                    Process process = shell.start();
                    String output =
                            new String(
                                    process.getInputStream().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    if (process.waitFor() == 0 && !output.isBlank()) {
                        break;
                    }
                    if (look == 10) {
                        wrong.add(command + "\n" + output);
                        break;
                    }
                    scraper.awaitScrapes(1);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }
}
