package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class SocketOwnersTest {
    /** Asks for a TCP socket and a UDP one. */
    static final class Asking {
        private Asking() {}

        public static void main(String[] arguments) throws Exception {
            InetSocketAddress end = new InetSocketAddress("127.0.0.1", 9);
            try (SocketOwners owners = new SocketOwners(1000, 10)) {
                for (int protocol : new int[] {6, 17}) {
                    CompletableFuture<SocketOwner> answer = new CompletableFuture<>();
                    owners.ask(protocol, end, end, answer::complete);
                    System.out.println(answer.get(5, TimeUnit.SECONDS));
                }
                System.out.println(owners.outcomes());
            }
        }
    }

    @Test
    void whereTheKernelCannotBeAskedTheAnswerIsNobody() throws Exception {
        String said = new OwnJvm().with("-Dos.name=Elsewhere").run(Asking.class);
        String counts = new SocketOwners.Outcomes(0, 2, 0, 0).toString();
        assertEquals(String.join(System.lineSeparator(), "null", "null", counts, ""), said);
    }
}
