package io.flowscope.cli;

import picocli.CommandLine.Option;

/** Whether and how a command ends with a line of numbers. */
final class SummaryOption {
    @Option(
            names = "--summary",
            defaultValue = "text",
            paramLabel = "STYLE",
            description =
                    "The line on standard error at the end: ${COMPLETION-CANDIDATES}; default"
                            + " ${DEFAULT-VALUE}.")
    private Summary.Style style = Summary.Style.text;

    /** As it was asked for. */
    Summary.Style style() {
        return style;
    }
}
