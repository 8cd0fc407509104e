package io.flowscope.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** Prints the script that completes arguments in bash and zsh. */
@Command(
        name = "completion",
        description = {
            "Print a completion script for bash and zsh.",
            "In bash: source <(flowscope completion)"
        })
final class CompletionCommand implements Callable<Integer> {
    private final Stdio stdio;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    CompletionCommand(Stdio stdio) {
        this.stdio = stdio;
    }

    @Override
    public Integer call() {
        stdio.out.put(AutoComplete.bash("flowscope", spec.root().commandLine())).put('\n');
        return ExitCode.DONE;
    }
}
