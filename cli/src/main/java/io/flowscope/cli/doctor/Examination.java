package io.flowscope.cli.doctor;

import java.util.ArrayList;
import java.util.List;

/** All checks, in the order in which they are shown. */
public final class Examination {
    private final SystemFiles files;
    private final String javaHome;
    private final Trial trial;

    /**
     * Of the system whose files these are.
     *
     * @param javaHome the Java that would be granted capabilities
     * @param trial what was found out by trying
     */
    public Examination(SystemFiles files, String javaHome, Trial trial) {
        this.files = files;
        this.javaHome = javaHome;
        this.trial = trial;
    }

    /** What was found. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>(new JavaRuntime().check());
        findings.addAll(new Capabilities(files, javaHome, trial).check());
        findings.addAll(new Libraries(files, trial).check());
        findings.addAll(new Kernel(files).check());
        return findings;
    }
}
