package io.flowscope.cli;

import picocli.CommandLine.Option;

/** Which packets a command is about. */
final class FilterOption {
    @Option(
            names = {"-f", "--filter"},
            defaultValue = "",
            paramLabel = "EXPR",
            description = "Only packets that tcpdump's filter language matches, as 'tcp port 443'.")
    private String expression = "";

    /** In tcpdump's language; empty: all packets. */
    String expression() {
        return expression;
    }
}
