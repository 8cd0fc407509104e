package io.flowscope.cli;

import io.flowscope.cli.serve.LocalAddresses;
import io.flowscope.obs.MetricNames;
import io.flowscope.obs.MetricsOptions;
import io.flowscope.obs.process.ProcessLookup;
import io.flowscope.obs.teams.Teams;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What metrics are to know beyond the packets, as the user says it. */
final class MetricsChoices {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--metrics-prefix",
            paramLabel = "PREFIX",
            defaultValue = MetricNames.DEFAULT_PREFIX,
            description =
                    "What the names from round trips on begin with, for dashboards that know them"
                            + " by another name; default ${DEFAULT-VALUE}.")
    private String prefix = MetricNames.DEFAULT_PREFIX;

    @Option(
            names = "--teams",
            paramLabel = "FILE",
            description =
                    "Whose addresses are whose: lines of a CIDR range and a team's name. Read again"
                            + " when it changes.")
    private @Nullable Path teamsFile;

    @Option(
            names = "--local-address",
            paramLabel = "ADDRESS",
            description =
                    "An address that counts as this host's own, for what was sent and received; may"
                            + " be repeated. Default: with -i those of all interfaces, for files"
                            + " loopback only.")
    private List<String> localAddresses = new ArrayList<>();

    @Option(
            names = "--no-processes",
            description = "Do not look for the processes that live traffic belongs to.")
    private boolean noProcesses;

    @Option(
            names = "--no-jvm",
            description = "Leave out file and waiting times of this command's own JVM.")
    private boolean noJvm;

    /** Whether live traffic is attributed to processes. */
    boolean processes() {
        return !noProcesses;
    }

    /** Whether this JVM's latencies are measured. */
    boolean jvm() {
        return !noJvm;
    }

    /** What was asked for; a mistake ends the command as wrong usage. */
    MetricsOptions options(boolean live, @Nullable ProcessLookup lookup) {
        try {
            return MetricsOptions.builder()
                    .prefix(prefix)
                    .processName("flowscope")
                    .localAddresses(addresses(live))
                    .teams(teams())
                    .processLookup(lookup)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--metrics-" + e.getMessage(), e);
        }
    }

    private Supplier<List<InetAddress>> addresses(boolean live) {
        if (localAddresses.isEmpty()) {
            return live ? LocalAddresses.ofThisHost() : List::of;
        }
        List<InetAddress> given = new ArrayList<>();
        for (String each : localAddresses) {
            try {
                given.add(LocalAddresses.numeric(each));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(
                        spec.commandLine(), "--local-address: " + e.getMessage(), e);
            }
        }
        return () -> given;
    }

    private @Nullable Teams teams() {
        if (teamsFile == null) {
            return null;
        }
        try {
            return Teams.read(teamsFile);
        } catch (IOException e) {
            throw new CommandFailure(FileProblem.sentence("read", teamsFile.toString(), e), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(teamsFile + ": " + e.getMessage(), e);
        }
    }
}
