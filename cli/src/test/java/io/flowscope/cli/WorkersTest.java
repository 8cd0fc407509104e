package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

/** {@code --workers} on the three commands that have it. */
@Execution(ExecutionMode.CONCURRENT)
class WorkersTest {
    @TempDir Path folder;
    private Path capture;

    @BeforeEach
    void generate() {
        capture = folder.resolve("capture.pcap");
        Run run =
                Run.of(
                        "generate",
                        "--flows=700",
                        "--packets=9000",
                        "--loss=1%",
                        "--reorder=2%",
                        "-w",
                        capture);
        assertEquals(0, run.code(), run.err());
    }

    private List<String> lines(String command, int workers, Path file) {
        Run run = Run.of(command, "--format=ndjson", "--workers", workers, file);
        assertEquals(0, run.code(), run.err());
        return run.out().lines().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"flows", "streams"})
    void findTheSameInAnOrderThatIsAlwaysTheSame(String command) {
        List<String> one = lines(command, 1, capture);
        assertTrue(one.size() > 500, "lines " + one.size());
        for (int workers = 2; workers <= 5; workers++) {
            List<String> several = lines(command, workers, capture);
            assertEquals(one.stream().sorted().toList(), several.stream().sorted().toList());
            assertEquals(several, lines(command, workers, capture));
            assertNotEquals(one, several, "nothing was shared");
        }
    }

    @Test
    void messagesComeInTheOrderOfTheirPackets() {
        Path sample = Needs.project().resolve("samples/sample.pcap");
        List<String> one = lines("sessions", 1, sample);
        assertFalse(one.isEmpty());
        assertEquals(
                one.stream().sorted().toList(),
                lines("sessions", 3, sample).stream().sorted().toList());
    }

    @Test
    void aTableHasTheSameRows() {
        String one = Run.of("flows", "--top=0", capture).out();
        String four = Run.of("flows", "--top=0", "--workers=4", capture).out();
        assertEquals(one.lines().sorted().toList(), four.lines().sorted().toList());
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        for (String number : List.of("0", "-1", "257", "two")) {
            Run run = Run.of("flows", "--workers", number, capture);
            assertEquals(2, run.code());
            assertTrue(run.err().contains("--workers"), run.err());
        }
        Run run = Run.of("streams", "--workers=2", "--extract", folder.resolve("x"), capture);
        assertEquals(2, run.code());
        assertTrue(run.err().contains("--extract"), run.err());
    }
}
