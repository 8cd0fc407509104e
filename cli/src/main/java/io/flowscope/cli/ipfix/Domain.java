package io.flowscope.cli.ipfix;

/** An observation domain: what templates and sequence numbers are valid for. */
public final class Domain {
    final int id;

    /** Data records so far. */
    int records;

    private long announced;

    /** A domain without records; 0 is the number of none in particular. */
    public Domain(int id) {
        this.id = id;
    }

    /**
     * Notes a template of up to 64.
     *
     * @return whether it is new here
     */
    public boolean announces(int number) {
        boolean known = (announced >>> number & 1) != 0;
        announced |= 1L << number;
        return !known;
    }
}
