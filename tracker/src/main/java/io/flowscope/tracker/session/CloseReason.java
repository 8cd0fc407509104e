package io.flowscope.tracker.session;

/** Why a flow's parser was closed; the flow itself goes on. */
public enum CloseReason {
    /** It said that it is done, or the flow ended. */
    FINISHED("finished"),
    /** The bytes were not its protocol. */
    PARSE_ERROR("parse_error"),
    /** Bytes were missing where it cannot do without. */
    GAP("gap"),
    /** Stopped from outside: by the user, or by the bound on what all parsers may hold. */
    STOPPED("stopped");

    private final String label;

    CloseReason(String label) {
        this.label = label;
    }

    /** The stable text for metrics and logs. */
    public String label() {
        return label;
    }
}
