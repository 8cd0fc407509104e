package io.flowscope.cli;

import static io.flowscope.cli.output.JsonLines.name;

import io.flowscope.cli.doctor.Examination;
import io.flowscope.cli.doctor.Finding;
import io.flowscope.cli.doctor.SystemFiles;
import io.flowscope.cli.doctor.Trial;
import io.flowscope.cli.output.JsonLines;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** Says what is there, what is missing, and which line mends it. */
@Command(
        name = "doctor",
        description = {
            "Look at what capturing needs: Java, capabilities, libraries, kernel settings;"
                    + " print the exact line that mends what is missing.",
            "Ends with 1 if something will not work; notes do not count."
        })
final class DoctorCommand implements Callable<Integer> {
    private static final String PLAIN = "\u001b[0m";

    private final Stdio stdio;

    @Option(
            names = "--format",
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Format format = Format.text;

    DoctorCommand(Stdio stdio) {
        this.stdio = stdio;
    }

    /** Named as they are typed. */
    enum Format {
        text,
        ndjson
    }

    @Override
    public Integer call() {
        List<Finding> findings =
                new Examination(
                                new SystemFiles(Path.of("/")),
                                System.getProperty("java.home", "$JAVA_HOME"),
                                Trial.ofThisProcess())
                        .findings();
        switch (format) {
            case text -> findings.forEach(this::text);
            case ndjson -> findings.forEach(this::ndjson);
        }
        boolean works = findings.stream().noneMatch(f -> f.status() == Finding.Status.MISSING);
        return works ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void text(Finding finding) {
        boolean colors = stdio.colors();
        String label = finding.status().label();
        stdio.out
                .put(colors ? color(finding.status()) : "")
                .put(label)
                .put(colors ? PLAIN : "")
                .put(" ".repeat(9 - label.length()))
                .put(finding.check())
                .put(": ")
                .put(finding.found())
                .put('\n');
        for (String fix : finding.fixes()) {
            stdio.out.put("             ").put(fix).put('\n');
        }
    }

    private void ndjson(Finding finding) {
        JsonLines json =
                new JsonLines(stdio.out)
                        .begin()
                        .text(name("check"), finding.check())
                        .text(name("status"), finding.status().label())
                        .text(name("found"), finding.found())
                        .beginArray(name("fixes"));
        finding.fixes().forEach(json::element);
        json.endArray().endLine();
    }

    private static String color(Finding.Status status) {
        return switch (status) {
            case OK -> "\u001b[32m";
            case NOTE -> "\u001b[33m";
            case MISSING -> "\u001b[31m";
        };
    }
}
