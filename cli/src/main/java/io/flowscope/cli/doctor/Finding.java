package io.flowscope.cli.doctor;

import java.util.List;

/**
 * What one check found.
 *
 * @param check what was looked at
 * @param status how good that is
 * @param found one sentence
 * @param fixes lines to type, each an alternative unless the sentence says otherwise
 */
public record Finding(String check, Status status, String found, List<String> fixes) {
    /** How good a finding is. */
    public enum Status {
        /** As it should be. */
        OK("ok"),
        /** Works, and could be better. */
        NOTE("note"),
        /** Something will not work. */
        MISSING("missing");

        private final String label;

        Status(String label) {
            this.label = label;
        }

        /** The word that is printed. */
        public String label() {
            return label;
        }
    }

    /** Keeps its own list. */
    public Finding {
        fixes = List.copyOf(fixes);
    }

    static Finding ok(String check, String found) {
        return new Finding(check, Status.OK, found, List.of());
    }

    static Finding note(String check, String found, String... fixes) {
        return new Finding(check, Status.NOTE, found, List.of(fixes));
    }

    static Finding missing(String check, String found, String... fixes) {
        return new Finding(check, Status.MISSING, found, List.of(fixes));
    }
}
