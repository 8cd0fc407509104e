package io.flowscope.tracker.session;

import org.jspecify.annotations.Nullable;

/** A user's own say in which protocol a flow is read as. */
@FunctionalInterface
public interface SessionBinding {
    /** Not to be read at all. */
    String NOTHING = "";

    /**
     * Decides on a new flow.
     *
     * @param tcp whether it is TCP; otherwise UDP
     * @param ports of the flow
     * @return the name of a protocol, {@link #NOTHING}, or null to go by ports and first bytes
     */
    @Nullable String protocolFor(boolean tcp, Ports ports);
}
