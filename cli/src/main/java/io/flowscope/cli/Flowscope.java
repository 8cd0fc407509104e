package io.flowscope.cli;

import io.flowscope.capture.CaptureException;
import io.flowscope.cli.output.OutputFailure;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;

/** Entry point of the command. */
public final class Flowscope {
    private Flowscope() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        Stdio stdio = Stdio.ofProcess();
        Interruption interruption = new Interruption();
        interruption.install(stdio.out);
        int code = run(stdio, interruption, args);
        interruption.finished();
        // Blocks for good when a signal has begun the shutdown: the JVM then sets the exit code.
        System.exit(code);
    }

    /** Runs the command within this process. */
    static int run(Stdio stdio, Interruption interruption, String... args) {
        CommandLine commandLine = commandLine(stdio, interruption);
        PrintWriter helpOut = stdio.outWriter();
        commandLine.setOut(helpOut).setErr(stdio.err);
        int code = commandLine.execute(args);
        if (stdio.out.hasFailed()) {
            return code;
        }
        try {
            helpOut.flush();
            stdio.out.flush();
        } catch (OutputFailure e) {
            return outputFailed(stdio, e);
        }
        return code;
    }

    /** The command with all its subcommands. */
    static CommandLine commandLine(Stdio stdio, Interruption interruption) {
        RootCommand root = new RootCommand();
        Ansi ansi = stdio.colors() ? Ansi.ON : Ansi.OFF;
        CommandLine commandLine =
                new CommandLine(root)
                        .addSubcommand(new FlowsCommand(stdio, interruption))
                        .addSubcommand(new StreamsCommand(stdio, interruption))
                        .addSubcommand(new SessionsCommand(stdio, interruption))
                        .addSubcommand(new TopCommand(stdio, interruption))
                        .addSubcommand(new ServeCommand(stdio, interruption))
                        .addSubcommand(new CaptureCommand(stdio, interruption))
                        .addSubcommand(new ReplayCommand(stdio, interruption))
                        .addSubcommand(new InterfacesCommand(stdio))
                        .addSubcommand(new DoctorCommand(stdio))
                        .addSubcommand(new GenerateCommand(stdio, interruption))
                        .addSubcommand(new CompletionCommand(stdio));
        return commandLine
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler((e, args) -> wrongUsage(stdio, e))
                .setExecutionExceptionHandler(
                        (e, command, result) -> failed(stdio, e, root.debug()))
                .setExecutionStrategy(parsed -> execute(stdio, root, parsed));
    }

    private static int execute(Stdio stdio, RootCommand root, ParseResult parsed) {
        if (root.debug()) {
            stdio.showTraces();
        }
        // Asking for help excuses wrong usage, but no help is there for a command that is not.
        if (!parsed.hasSubcommand() && !parsed.unmatched().isEmpty()) {
            throw new UnmatchedArgumentException(
                    parsed.commandSpec().commandLine(), parsed.unmatched());
        }
        return new RunLast().execute(parsed);
    }

    private static int wrongUsage(Stdio stdio, ParameterException e) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        stdio.err.println(name + ": " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, stdio.err);
        stdio.err.println("Try '" + name + " --help'.");
        return ExitCode.WRONG_USAGE;
    }

    private static int failed(Stdio stdio, Exception e, boolean debug) {
        if (e instanceof OutputFailure failure) {
            return outputFailed(stdio, failure);
        }
        boolean expected = e instanceof CommandFailure || e instanceof CaptureException;
        String sentence = expected ? String.valueOf(e.getMessage()) : "unexpected failure: " + e;
        stdio.sayFailure(sentence, e);
        if (!expected && !debug) {
            stdio.say("run it again with --debug and report what it prints");
        }
        return ExitCode.FAILED;
    }

    private static int outputFailed(Stdio stdio, OutputFailure failure) {
        if (!stdio.isClosedPipe(failure)) {
            stdio.say("cannot write the output: " + failure.getMessage());
        }
        return ExitCode.FAILED;
    }
}
