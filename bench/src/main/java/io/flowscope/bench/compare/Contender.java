package io.flowscope.bench.compare;

import io.flowscope.bench.load.Input;

import java.util.List;
import java.util.Set;

/**
 * A program that is compared.
 *
 * @param name short, for tables
 * @param about what it does, a phrase
 * @param side what it is to us
 * @param passes how often it goes over the file in one run, the first times to warm up; 0 if it
 *     goes over it once and the whole process counts
 * @param rounds in how many rounds it takes part, at most: those that need a minute each time take
 *     part in the first ones only
 * @param workloads the names of the workloads that it is run on; empty for all
 * @param command how to start it
 */
public record Contender(
        String name,
        String about,
        Side side,
        int passes,
        int rounds,
        Set<String> workloads,
        Command command) {
    /** As many rounds as there are. */
    public static final int EVERY_ROUND = Integer.MAX_VALUE;

    /** For those that need a minute each time. */
    public static final int FEW_ROUNDS = 2;

    /** After so many packets what has to compile has compiled; the second half of them counts. */
    private static final long ENOUGH_PACKETS = 25_000_000;

    private static final int LEAST_PASSES = 6;

    /** What a program is to us. */
    public enum Side {
        /** The least work that can be called counting flows, in C. */
        LIMIT,
        /** C through libpcap. */
        REFERENCE,
        /** Ours. */
        OURS,
        /** Other libraries for the JVM. */
        LIBRARY,
        /** Tools. */
        TOOL
    }

    /** How to start a program. */
    @FunctionalInterface
    public interface Command {
        /** The words of the command that goes {@code passes} times over the input's file. */
        List<String> of(Input input, int passes);
    }

    /** Whether its own figures per pass count, not the whole process. */
    public boolean isSteady() {
        return passes > 0;
    }

    boolean runsOn(Input input, int round) {
        return round <= rounds && runsOn(input);
    }

    private boolean runsOn(Input input) {
        return workloads.isEmpty() || workloads.contains(input.workload().name());
    }

    /** Not more often than it takes, nor so seldom that its second half says little. */
    List<String> on(Input input) {
        int enough = (int) Math.max(LEAST_PASSES, ENOUGH_PACKETS / input.packets());
        return command.of(input, Math.max(1, Math.min(passes, enough)));
    }
}
