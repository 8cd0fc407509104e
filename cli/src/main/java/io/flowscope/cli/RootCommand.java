package io.flowscope.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import java.lang.module.ModuleDescriptor;
import java.util.concurrent.Callable;

/** The command without a subcommand: the options that all subcommands share. */
@Command(
        name = "flowscope",
        description = "Turns packets on a wire, or in a file, into flows.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = RootCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed; what was read so far is printed",
            "2:wrong usage",
            "130:interrupted; what was gathered so far is printed (143: terminated)"
        })
final class RootCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of a failure.")
    private boolean debug;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is needed");
    }

    /** Whether the user asked for stack traces, on this command or on a subcommand. */
    boolean debug() {
        return debug;
    }

    /** What --version prints. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"flowscope " + number() + " on Java " + Runtime.version()};
        }

        static String number() {
            return number(Flowscope.class.getModule().getDescriptor());
        }

        /** On the class path there is no module, and in a module the jar's manifest is not told. */
        static String number(@Nullable ModuleDescriptor module) {
            String packaged =
                    module != null
                            ? module.rawVersion().orElse(null)
                            : Flowscope.class.getPackage().getImplementationVersion();
            return packaged != null ? packaged : "(not packaged)";
        }
    }
}
