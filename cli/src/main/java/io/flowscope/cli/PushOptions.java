package io.flowscope.cli;

import io.flowscope.obs.server.Page;
import io.flowscope.obs.server.PushGateway;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.URI;

/** Metrics of a run that ends before anybody scrapes it, as the user says it. */
final class PushOptions {
    /** Holds a whole header, such as {@code Bearer …}: a secret, and so no argument. */
    private static final String AUTHORIZATION = "FLOWSCOPE_PUSH_AUTHORIZATION";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--push",
            paramLabel = "URL",
            description =
                    "Serve nothing, but hand the metrics to this Prometheus push gateway at the end"
                            + " of the input, such as http://127.0.0.1:9091. Its Authorization"
                            + " header, if it wants one, is $$"
                            + AUTHORIZATION
                            + ".")
    private @Nullable URI gateway;

    @Option(
            names = "--push-job",
            paramLabel = "NAME",
            defaultValue = "flowscope",
            description = "The label job of what is pushed; default ${DEFAULT-VALUE}.")
    private String job = "flowscope";

    /** The gateway, null if none was asked for. */
    @Nullable PushGateway gateway() {
        if (gateway == null) {
            return null;
        }
        try {
            return new PushGateway(gateway, job, System.getenv(AUTHORIZATION));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--push: " + e.getMessage(), e);
        }
    }

    /** Hands a page over, or says in a sentence why not. */
    static void push(PushGateway to, Page page) {
        try {
            to.push(page);
        } catch (IOException e) {
            String reason = e.getMessage();
            throw new CommandFailure(
                    "cannot push the metrics: " + (reason == null ? "no connection" : reason), e);
        }
    }
}
