package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An authority of the test's own and what it has signed, as files, made by openssl. */
final class Certificates {
    static final String PASSWORD = "changeit";

    private final Path folder;
    private final String authority;

    /** Makes the authority. */
    Certificates(Path folder, String authority) throws Exception {
        Needs.tool("openssl");
        this.folder = folder;
        this.authority = authority;
        openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                        + " -subj /CN=%1$s -keyout %1$s.key -out %1$s.pem",
                authority);
    }

    /** Whom to trust. */
    Path authority() {
        return folder.resolve(authority + ".pem");
    }

    /** Signs a key of somebody at 127.0.0.1: NAME.key, NAME.pem and both in NAME.p12. */
    Path sign(String name) throws Exception {
        Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=IP:127.0.0.1\n");
        openssl(
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=%1$s"
                        + " -keyout %1$s.key -out %1$s.csr",
                name);
        openssl(
                "x509 -req -in %1$s.csr -CA %2$s.pem -CAkey %2$s.key -CAcreateserial -days 1"
                        + " -extfile %1$s.ext -out %1$s.pem",
                name, authority);
        openssl(
                "pkcs12 -export -in %1$s.pem -inkey %1$s.key -out %1$s.p12 -passout pass:"
                        + PASSWORD,
                name);
        return folder.resolve(name + ".p12");
    }

    private void openssl(String line, Object... names) throws IOException, InterruptedException {
        String words = "openssl " + line.formatted(names);
        Run run =
                Run.process(
                        new ProcessBuilder(List.of(words.split(" ", -1)))
                                .directory(folder.toFile()));
        assertEquals(0, run.code(), words + ": " + run.err());
    }
}
