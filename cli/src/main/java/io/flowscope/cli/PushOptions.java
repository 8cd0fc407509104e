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
import java.net.URISyntaxException;
import java.util.Locale;

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
    private @Nullable String gateway;

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
            return new PushGateway(new URI(gateway), job, System.getenv(AUTHORIZATION));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), asTyped(e.getMessage()), e);
        } catch (URISyntaxException e) {
            String reason = e.getReason().toLowerCase(Locale.ROOT);
            throw new ParameterException(
                    spec.commandLine(), "--push: is no address (" + reason + ")", e);
        }
    }

    /** The complaints about a gateway, under the names of the options. */
    private static String asTyped(@Nullable String message) {
        return String.valueOf(message)
                .replaceFirst("\\bgateway:", "--push:")
                .replaceFirst("\\bjob:", "--push-job:")
                .replaceFirst("\\bauthorization:", "\\$" + AUTHORIZATION + ":")
                .replaceFirst("\\bthe authorization\\b", "\\$" + AUTHORIZATION);
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
