package io.flowscope.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;

/** Where a command's packets come from, as the user says it. */
final class SourceOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description =
                    "Capture files: pcap or pcapng, also compressed by gzip or zstd; - is standard"
                            + " input.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--merge",
            description = "Take several files for one input, in the order of time.")
    private boolean merge;

    @Mixin private final FilterOption filter = new FilterOption();

    @Mixin private final LiveOptions live = new LiveOptions();

    /** What was asked for; a mistake ends the command as wrong usage. */
    Inputs inputs(Stdio stdio, Interruption interruption) {
        if (live.name() != null) {
            if (!files.isEmpty() || merge) {
                throw new ParameterException(
                        spec.commandLine(), "either capture files or -i, not both");
            }
            return new LiveInput(() -> live.open(filter.expression(), stdio), stdio, interruption);
        }
        if (files.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "a capture file or -i IFACE is needed");
        }
        if (live.anyGiven()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--duration, --profile, --snaplen and --promiscuous need -i");
        }
        if (files.stream().filter(FileInputs.STANDARD_INPUT::equals).count() > 1) {
            throw new ParameterException(
                    spec.commandLine(), "standard input can be read only once");
        }
        return new FileInputs(files, merge, filter.expression(), stdio, interruption);
    }

    /** The network interface to capture from, null where files are read. */
    @Nullable String interfaceName() {
        return live.name();
    }

    /** What is read, for a title: the interface, the file, or how many files. */
    String title() {
        String name = live.name();
        if (name != null) {
            return name;
        }
        String file = files.get(0);
        return files.size() > 1
                ? files.size() + " files"
                : file.equals(FileInputs.STANDARD_INPUT)
                        ? "standard input"
                        : file.substring(file.lastIndexOf('/') + 1);
    }

    /** Whether results must say which input they are from. */
    boolean severalInputs() {
        return files.size() > 1 && !merge;
    }
}
