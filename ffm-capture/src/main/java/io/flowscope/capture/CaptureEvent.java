package io.flowscope.capture;

/**
 * Something happened to a live source that is no packet.
 *
 * @param kind what happened
 * @param interfaceName the interface as it is called now
 * @param message the same in a sentence
 */
public record CaptureEvent(Kind kind, String interfaceName, String message) {
    /** What can happen. */
    public enum Kind {
        /**
         * The interface was switched off or lost its carrier's driver: no packets until it is up.
         */
        INTERFACE_DOWN,
        /** The interface is up again; capturing goes on. */
        INTERFACE_UP,
        /** The interface is gone; the source waits for one of the same name. */
        INTERFACE_REMOVED,
        /** An interface of the same name is there again; capturing goes on. */
        INTERFACE_BACK,
        /** The interface has another name; capturing goes on. */
        INTERFACE_RENAMED,
        /** Something that was asked for is not to be had; the message says what is done instead. */
        DEGRADED
    }
}
