package io.flowscope.capture.filter;

import io.flowscope.capture.filter.Primitives.Direction;

/**
 * The words before a name or a number, as in {@code tcp src port}; an empty string where there is
 * none.
 */
record Qualifiers(String protocol, Direction direction, String type) {
    boolean isNet() {
        return type.equals("net");
    }

    /** As it appears in a message. */
    @Override
    public String toString() {
        String side =
                switch (direction) {
                    case EITHER -> "";
                    case SOURCE -> "src ";
                    case DESTINATION -> "dst ";
                    case BOTH -> "src and dst ";
                };
        return "'" + ((protocol + " ").stripLeading() + side + type).strip() + "'";
    }
}
