package io.flowscope.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

class TerminalTest {
    /** Looks for a terminal, and again. */
    static final class Looking {
        private Looking() {}

        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                System.out.println(Terminal.of(System.out));
            }
        }
    }

    @Test
    void whereNativeAccessIsDeniedThereIsNoTerminal() throws Exception {
        assumeTrue(Runtime.version().feature() >= 24, "needs a JDK that can deny: 24 or newer");
        Process process =
                new ProcessBuilder(
                                List.of(
                                        System.getProperty("java.home") + "/bin/java",
                                        "--illegal-native-access=deny",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Looking.class.getName()))
                        .redirectErrorStream(true)
                        .start();
        byte[] said = process.getInputStream().readAllBytes();
        assertEquals("null\nnull\n", new String(said, StandardCharsets.UTF_8));
        assertEquals(0, process.waitFor());
    }
}
