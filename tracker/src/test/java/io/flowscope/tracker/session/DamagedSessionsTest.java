package io.flowscope.tracker.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.session.http.HttpOptions;
import io.flowscope.tracker.session.http.HttpProtocol;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Damaged captures through all parsers: nothing throws, and all memory comes back. */
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class DamagedSessionsTest {
    @Test
    void nothingIsThrownAndNothingHeldAtTheEnd() throws IOException {
        HttpOptions http = HttpOptions.builder().hashBodies(true).maxHeadBytes(300).build();
        SessionOptions options =
                SessionOptions.builder()
                        .protocol(new HttpProtocol(http))
                        .maxHeldBytes(5_000)
                        .build();
        int files = 0;
        int flows = 0;
        try (var listed = Files.list(Needs.captures().resolve("damaged"))) {
            for (Path file : (Iterable<Path>) listed::iterator) {
                files++;
                flows += TrackedRun.of(file, options, null).size();
                // Beside a consumer that leaves what it is shown.
                TrackedRun.of(file, options, flow -> (stream, memory, at, n, time) -> n / 2);
            }
        }
        assertTrue(files > 0);
        assertTrue(flows > 0, "no parser was reached");
    }
}
