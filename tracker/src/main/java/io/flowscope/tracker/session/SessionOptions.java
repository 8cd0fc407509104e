package io.flowscope.tracker.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Which protocols are read, and on which flows; immutable.
 *
 * @param protocols by name, each name once
 * @param binding asked first for every new flow
 * @param probing whether first bytes decide where ports do not, or are contradicted; a TCP flow
 *     whose SYN was not seen is then read only if its first bytes are known
 * @param maxHeldBytes bound on what all parsers of a tracker hold together; the parser that passes
 *     it is stopped. Default 256 MiB
 */
public record SessionOptions(
        List<SessionProtocol<?>> protocols,
        SessionBinding binding,
        boolean probing,
        long maxHeldBytes) {

    /** Copies the list and checks the values. */
    public SessionOptions {
        protocols = List.copyOf(protocols);
        if (maxHeldBytes < 0) {
            throw new IllegalArgumentException("maxHeldBytes: 0 or more, was " + maxHeldBytes);
        }
    }

    /** All protocols that are found, with their default options. */
    public static SessionOptions defaults() {
        return builder().build();
    }

    /** A builder that begins with the protocols that {@link ServiceLoader} finds. */
    public static Builder builder() {
        return new Builder();
    }

    /** Gathers options; {@link #build()} checks them. */
    public static final class Builder {
        private final Map<String, SessionProtocol<?>> protocols = new LinkedHashMap<>();
        private SessionBinding binding = (tcp, ports) -> null;
        private boolean probing = true;
        private long maxHeldBytes = 256L << 20;

        private Builder() {
            for (SessionProtocol<?> protocol : ServiceLoader.load(SessionProtocol.class)) {
                protocol(protocol);
            }
        }

        /** Adds a protocol, in place of one of the same name. */
        public Builder protocol(SessionProtocol<?> protocol) {
            protocols.put(protocol.name(), protocol);
            return this;
        }

        /** Leaves only the named protocols; an unknown name is a mistake. */
        public Builder only(String... names) {
            List<String> wanted = List.of(names);
            if (!protocols.keySet().containsAll(wanted)) {
                throw new IllegalArgumentException(
                        "protocols: among " + protocols.keySet() + ", was " + wanted);
            }
            protocols.keySet().retainAll(wanted);
            return this;
        }

        /** See {@link SessionOptions#binding()}. */
        public Builder binding(SessionBinding value) {
            binding = value;
            return this;
        }

        /** See {@link SessionOptions#probing()}. */
        public Builder probing(boolean value) {
            probing = value;
            return this;
        }

        /** See {@link SessionOptions#maxHeldBytes()}. */
        public Builder maxHeldBytes(long value) {
            maxHeldBytes = value;
            return this;
        }

        /** The options. */
        public SessionOptions build() {
            return new SessionOptions(
                    new ArrayList<>(protocols.values()), binding, probing, maxHeldBytes);
        }
    }
}
