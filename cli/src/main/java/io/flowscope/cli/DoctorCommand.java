package io.flowscope.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** x. */
@Command(name = "doctor", description = "List the network interfaces and what can be done with them.")
final class DoctorCommand implements Callable<Integer> {
    private final Stdio stdio;
    DoctorCommand(Stdio stdio) { this.stdio = stdio; }
    @Override
    public Integer call() { stdio.out.put("x\n"); return 0; }
}
