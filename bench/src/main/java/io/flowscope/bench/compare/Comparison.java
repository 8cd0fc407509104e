package io.flowscope.bench.compare;

import io.flowscope.bench.load.Input;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs contenders in turns: in every round each of them once, in another order each time, so that
 * what the machine does meanwhile meets all of them alike.
 */
public final class Comparison {
    private final Path measure;
    private final int cpu;
    private final int rounds;
    private final PrintStream progress;
    private final Map<String, String> failures = new LinkedHashMap<>();

    /**
     * A comparison without samples yet.
     *
     * @param measure the program {@code measure}
     * @param cpu the CPU that all run on
     */
    public Comparison(Path measure, int cpu, int rounds, PrintStream progress) {
        this.measure = measure;
        this.cpu = cpu;
        this.rounds = rounds;
        this.progress = progress;
    }

    /**
     * Runs all contenders that want this input. One that fails is named and left out.
     *
     * @return every single run
     */
    public List<Sample> run(Input input, List<Contender> contenders) throws InterruptedException {
        List<Sample> samples = new ArrayList<>();
        List<Contender> order = new ArrayList<>(contenders);
        for (int round = 1; round <= rounds; round++) {
            int now = round;
            for (Contender contender : order.stream().filter(c -> c.runsOn(input, now)).toList()) {
                try {
                    samples.add(run(input, contender, round));
                } catch (IOException e) {
                    String message = String.valueOf(e.getMessage());
                    failures.put(contender.name() + " on " + input.workload().name(), message);
                    progress.println("  " + message);
                    order.remove(contender);
                }
            }
            Collections.rotate(order, 1);
        }
        return samples;
    }

    private Sample run(Input input, Contender contender, int round)
            throws IOException, InterruptedException {
        ProcessRun run = ProcessRun.of(measure, cpu, contender.on(input));
        if (contender.isSteady() && run.passes().isEmpty()) {
            throw new IOException(contender.name() + " printed no passes");
        }
        Sample sample = Sample.of(input, contender.name(), round, run);
        if (sample.packets() >= 0 && sample.packets() != input.packets()) {
            throw new IOException(
                    contender.name()
                            + " saw "
                            + sample.packets()
                            + " packets where there are "
                            + input.packets());
        }
        progress.printf(
                "  %-5s round %d  %-24s %8.1f ns/packet%n",
                input.workload().name(), round, contender.name(), sample.nanos());
        return sample;
    }

    /** What could not be run, and why. */
    public Map<String, String> failures() {
        return Collections.unmodifiableMap(failures);
    }
}
