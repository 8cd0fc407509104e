package io.flowscope.cli;

import io.flowscope.obs.server.Credentials;
import io.flowscope.obs.server.MetricsServerOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;

/** Where metrics are served and to whom, as the user says it. Secrets come from files. */
final class EndpointOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--metrics-addr",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:FLOWSCOPE_METRICS_ADDR:-127.0.0.1:9464}",
            description =
                    "Where to listen; default $$FLOWSCOPE_METRICS_ADDR, else 127.0.0.1:9464. Port 0"
                            + " takes a free one.")
    private String address = "";

    @Option(
            names = "--metrics-allow-remote",
            description =
                    "Let the address be one that other hosts reach. Needs a token, a user or client"
                            + " certificates.")
    private boolean remote;

    @Option(
            names = "--metrics-token-file",
            paramLabel = "FILE",
            defaultValue = "${env:FLOWSCOPE_METRICS_TOKEN_FILE}",
            description =
                    "Ask for the bearer token in this file; default $$FLOWSCOPE_METRICS_TOKEN_FILE."
                            + " A browser takes it as the password of any user.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--metrics-user-file",
            paramLabel = "FILE",
            defaultValue = "${env:FLOWSCOPE_METRICS_USER_FILE}",
            description =
                    "Ask for the user and password in this file, as user:password; default"
                            + " $$FLOWSCOPE_METRICS_USER_FILE.")
    private @Nullable Path userFile;

    @Option(
            names = "--metrics-keystore",
            paramLabel = "FILE",
            description =
                    "Serve TLS with the key and certificate in this PKCS#12 file, whose password is"
                            + " $$"
                            + EndpointKeys.PASSWORD
                            + ".")
    private @Nullable Path keystore;

    @Option(
            names = "--metrics-client-ca",
            paramLabel = "FILE",
            description =
                    "Serve only clients with a certificate signed by one of those in this PEM file;"
                            + " needs --metrics-keystore.")
    private @Nullable Path clientAuthorities;

    /** What was asked for; a mistake ends the command as wrong usage. */
    MetricsServerOptions options() {
        try {
            MetricsServerOptions.Builder builder =
                    MetricsServerOptions.builder()
                            .address(address)
                            .allowRemote(remote)
                            .credentials(credentials());
            if (keystore != null) {
                builder.tls(
                        EndpointKeys.context(keystore, clientAuthorities),
                        clientAuthorities != null);
            } else if (clientAuthorities != null) {
                throw wrong("--metrics-client-ca: needs --metrics-keystore", null);
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            String mistake = String.valueOf(e.getMessage());
            if (mistake.contains("is not loopback")) {
                mistake += " (--metrics-allow-remote and --metrics-token-file FILE)";
            } else if (mistake.startsWith("credentials:")) {
                mistake +=
                        " (--metrics-token-file, --metrics-user-file, or --metrics-keystore with"
                                + " --metrics-client-ca)";
            }
            throw wrong("--metrics-addr " + address + ": " + mistake, e);
        }
    }

    /** Whether it is {@code https} that is served. */
    boolean isSecure() {
        return keystore != null;
    }

    private @Nullable Credentials credentials() {
        ensureNamed("token", tokenFile);
        ensureNamed("user", userFile);
        if (tokenFile != null && userFile != null) {
            throw wrong("either --metrics-token-file or --metrics-user-file, not both", null);
        }
        if (tokenFile != null) {
            return credentials(tokenFile, Credentials::bearer);
        }
        return userFile == null ? null : credentials(userFile, EndpointOptions::userAndPassword);
    }

    /** A variable that is set to nothing must not open what it was to guard. */
    private void ensureNamed(String secret, @Nullable Path file) {
        if (file != null && file.toString().isEmpty()) {
            String variable = "FLOWSCOPE_METRICS_" + secret.toUpperCase(Locale.ROOT) + "_FILE";
            String option = "--metrics-" + secret + "-file";
            throw wrong(
                    option + ": the name is empty; unset " + variable + " to ask for no " + secret,
                    null);
        }
    }

    private static Credentials credentials(Path file, Function<String, Credentials> of) {
        String secret = secret(file);
        try {
            return of.apply(secret);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(file + ": " + e.getMessage(), e);
        }
    }

    private static Credentials userAndPassword(String both) {
        int colon = both.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("must hold user:password");
        }
        return Credentials.basic(both.substring(0, colon), both.substring(colon + 1));
    }

    private static String secret(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new CommandFailure(FileProblem.sentence("read", file.toString(), e), e);
        }
    }

    private ParameterException wrong(String sentence, @Nullable Throwable cause) {
        return cause == null
                ? new ParameterException(spec.commandLine(), sentence)
                : new ParameterException(spec.commandLine(), sentence, cause);
    }
}
